// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "server/base/io_loop.h"
#include "server/base/steady_event.h"
#include "server/metrics/daemon_collector.h"
#include "server/metrics/state_source.h"

namespace dissectd::server::metrics {
namespace {

class MetricsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Collector> NewCollector() {
    StateSource<DaemonState> source;
    source.loop = &loop_;
    source.describe_on_loop = [this](DaemonState* state) {
      loop_.AssertOnLoop();
      state->sessions = {3, 16};
      state->engines = {"wireshark-4.0.17", "wireshark-4.4.19"};
    };
    source.describe = [](DaemonState* state) {
      state->certificate_expiry = 1'900'000'000;
    };
    return std::make_unique<DaemonCollector>(std::move(source));
  }

  IoLoop loop_;
  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
};

TEST_F(MetricsTest, TellsTheStateOfTheParts) {
  metrics_->SetCollector(NewCollector());
  const std::string text = metrics_->Text();
  for (const char* line :
       {"dissectd_resources_used{resource=\"sessions\"} 3\n",
        "dissectd_resources_limit{resource=\"sessions\"} 16\n",
        "dissectd_tls_certificate_expiry_timestamp_seconds 1900000000\n",
        "engine=\"wireshark-4.0.17\"} 1\n",
        "engine=\"wireshark-4.4.19\"} 1\n"}) {
    EXPECT_TRUE(absl::StrContains(text, line)) << line << text;
  }
}

TEST_F(MetricsTest, WithoutACollectorThereIsWhatAllProgramsTell) {
  const std::string text = metrics_->Text();
  EXPECT_TRUE(absl::StrContains(text, "\nprocess_open_fds "));
  EXPECT_TRUE(
      absl::StrContains(text, "\n# TYPE dissectd_calls_total counter\n"));
  EXPECT_TRUE(
      absl::StrContains(text, "\ndissectd_connections_accepted_total "));
  EXPECT_FALSE(absl::StrContains(text, "dissectd_workers_running"));
}

// An operator must see that the loop hangs.
TEST_F(MetricsTest, ALoopThatDoesNotAnswerLeavesOnlyItsStateOut) {
  SteadyEvent free;
  loop_.Post([&free] { free.AwaitFor(std::chrono::minutes(5)); });
  metrics_->SetCollector(NewCollector());
  const std::string text = metrics_->Text();
  EXPECT_FALSE(absl::StrContains(text, "dissectd_resources_used"));
  EXPECT_TRUE(absl::StrContains(text, "process_resident_memory_bytes"));
  EXPECT_TRUE(absl::StrContains(
      text, "dissectd_degraded_total{path=\"scrape_incomplete\"} 1\n"));
  free.Notify();
}

}  // namespace
}  // namespace dissectd::server::metrics
