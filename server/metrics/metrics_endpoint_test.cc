// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "server/base/recent_log.h"
#include "spdlog/spdlog.h"

namespace dissectd::server::metrics {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsEndpointTest : public testing::Test {
 protected:
  MetricsEndpointTest() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", log_));
  }
  ~MetricsEndpointTest() override { spdlog::set_default_logger(former_); }

  // Returns the message about an address that can't be used.
  std::string ErrorOf(const std::string& address) {
    return std::string(
        MetricsEndpoint::Listen(address, metrics_).status().message());
  }

  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  const std::shared_ptr<RecentLog> log_ = std::make_shared<RecentLog>();
  const std::shared_ptr<spdlog::logger> former_ = spdlog::default_logger();
};

TEST_F(MetricsEndpointTest, SaysWhyItCannotListen) {
  const auto first = MetricsEndpoint::Listen("127.0.0.1:0", metrics_);
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string taken = "127.0.0.1:" + std::to_string((*first)->port());
  EXPECT_EQ(ErrorOf(taken), "can't listen on " + taken +
                                " for --metrics-listen: the port is taken");
  EXPECT_EQ(ErrorOf("192.0.2.1:0"),
            "can't listen on 192.0.2.1:0 for --metrics-listen: this machine "
            "doesn't have the address");
}

TEST_F(MetricsEndpointTest, WarnsIfEveryoneCanReadTheMetrics) {
  constexpr char kWarning[] = "everyone who can reach port ";
  ASSERT_TRUE(MetricsEndpoint::Listen("localhost:0", metrics_).ok());
  EXPECT_THAT(log_->Lines(), Not(Contains(HasSubstr(kWarning))));
  ASSERT_TRUE(MetricsEndpoint::Listen("0.0.0.0:0", metrics_).ok());
  EXPECT_THAT(log_->Lines(), Contains(HasSubstr(kWarning)));
}

}  // namespace
}  // namespace dissectd::server::metrics
