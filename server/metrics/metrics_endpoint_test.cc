// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the endpoint with real sockets.

#include "server/metrics/metrics_endpoint.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/recent_log.h"
#include "server/base/unique_fd.h"
#include "spdlog/spdlog.h"

namespace dissectd::server::metrics {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kScrape[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr char kHalfRequest[] = "GET /metrics HTTP/1.1\r\nHo";
constexpr time_t kPatienceSeconds = 60;

// A client's connection.
class Client {
 public:
  explicit Client(int port)
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address),
                      sizeof(address)),
              0);
    const timeval patience = {kPatienceSeconds, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof(patience));
  }

  // Returns whether the other side could still get it.
  bool Send(absl::string_view text) const {
    return send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) > 0;
  }

  // Returns all that comes until the other side closes the connection.
  std::string ReadAll() const {
    std::string all;
    char part[4096];
    ssize_t count = 0;
    while ((count = recv(socket_.get(), part, sizeof(part), 0)) > 0) {
      all.append(part, static_cast<size_t>(count));
    }
    EXPECT_FALSE(count < 0 && errno == EAGAIN) << "it isn't closed";
    return all;
  }

 private:
  const UniqueFd socket_;
};

class MetricsEndpointTest : public testing::Test {
 protected:
  MetricsEndpointTest() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", log_));
  }
  ~MetricsEndpointTest() override { spdlog::set_default_logger(former_); }

  std::unique_ptr<MetricsEndpoint> Listen() {
    auto endpoint = MetricsEndpoint::Listen("127.0.0.1:0", metrics_);
    EXPECT_TRUE(endpoint.ok()) << endpoint.status();
    return *std::move(endpoint);
  }

  // Returns the message about an address that can't be used.
  std::string ErrorOf(const std::string& address) {
    return std::string(
        MetricsEndpoint::Listen(address, metrics_).status().message());
  }

  static std::string AnswerTo(const MetricsEndpoint& endpoint,
                              absl::string_view request) {
    const Client client(endpoint.port());
    client.Send(request);
    return client.ReadAll();
  }

  const std::shared_ptr<Metrics> metrics_ = std::make_shared<Metrics>();
  const std::shared_ptr<RecentLog> log_ = std::make_shared<RecentLog>();
  const std::shared_ptr<spdlog::logger> former_ = spdlog::default_logger();
};

TEST_F(MetricsEndpointTest, AnswersOneRequestOfAConnection) {
  const auto endpoint = Listen();
  const std::string answer = AnswerTo(*endpoint, kScrape);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\nprocess_resident_memory_bytes "));
  EXPECT_THAT(AnswerTo(*endpoint, "GET / HTTP/1.1\r\n\r\n"),
              EndsWith("\r\n\r\nNot Found\n"));
}

TEST_F(MetricsEndpointTest, ConnectionsThatAskNothingHoldUpNobody) {
  const auto endpoint = Listen();
  std::vector<std::unique_ptr<Client>> silent;
  for (size_t i = 0; i < 3 * MetricsEndpoint::kMaxConnections; ++i) {
    silent.push_back(std::make_unique<Client>(endpoint->port()));
    silent.back()->Send(kHalfRequest);
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(AnswerTo(*endpoint, kScrape), StartsWith("HTTP/1.1 200 OK\r\n"));
  // No connection had to time out.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_THAT(silent.front()->ReadAll(), IsEmpty());
}

TEST_F(MetricsEndpointTest, ARequestMustComeInTime) {
  const auto endpoint = Listen();
  const Client silent(endpoint->port());
  const Client slow(endpoint->port());
  slow.Send(kHalfRequest);
  while (slow.Send("x")) usleep(100'000);
  EXPECT_THAT(silent.ReadAll(), IsEmpty());
}

TEST_F(MetricsEndpointTest, MoreThanARequestIsNotRead) {
  const auto endpoint = Listen();
  // The rest of the body never comes.
  EXPECT_THAT(AnswerTo(*endpoint,
                       "GET /metrics HTTP/1.1\r\n"
                       "Content-Length: 1000000000\r\n\r\n"),
              StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(AnswerTo(*endpoint, std::string(1 << 20, 'x')), IsEmpty());
}

TEST_F(MetricsEndpointTest, EndsConnectionsWhenItEnds) {
  auto endpoint = Listen();
  const Client client(endpoint->port());
  client.Send(kHalfRequest);
  // A later connection is answered, so that this one has been accepted.
  AnswerTo(*endpoint, kScrape);
  endpoint.reset();
  EXPECT_THAT(client.ReadAll(), IsEmpty());
}

TEST_F(MetricsEndpointTest, SaysWhyItCannotListen) {
  const auto first = Listen();
  const std::string taken = "127.0.0.1:" + std::to_string(first->port());
  EXPECT_EQ(ErrorOf(taken), "--metrics-listen: can't listen on " + taken +
                                ": Address already in use");
  EXPECT_EQ(ErrorOf("192.0.2.1:0"),
            "--metrics-listen: can't listen on 192.0.2.1:0: Cannot assign "
            "requested address (this machine doesn't have it)");
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
