// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "core/base/error.h"
#include "server/base/errors.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class CallLogTest : public testing::Test {
 protected:
  CallLogTest() {
    call_.method = &method_;
    call_.peer = "ipv4:192.0.2.1:50000";
    call_.request_id = "abc";
  }

  std::string Line(const absl::Status& status) const {
    return CallLogLine(
        {call_, status, absl::Microseconds(1250), {1, 20, 3, 4}});
  }

  const Method method_ = {"dissectd.v1.FileService/GetFile"};
  CallInfo call_;
};

TEST_F(CallLogTest, SaysWhatACallWas) {
  EXPECT_EQ(Line(absl::OkStatus()),
            "call dissectd.v1.FileService/GetFile: OK duration_ms=1.2 "
            "peer=ipv4:192.0.2.1:50000 principal=anonymous request_id=abc "
            "messages_received=1 bytes_received=20 messages_sent=3 "
            "bytes_sent=4");
}

TEST_F(CallLogTest, NamesTheTrace) {
  call_.trace =
      TraceContext{"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"};
  EXPECT_THAT(Line(absl::OkStatus()),
              HasSubstr(" request_id=abc trace_id=4bf92f3577b34da6a3ce929d0e0e"
                        "4736 span_id=00f067aa0ba902b7 "));
}

TEST_F(CallLogTest, HasTheReasonOfAnErrorButNotItsText) {
  const std::string line = Line(errors::FileNotFound("secret.pcap"));
  EXPECT_THAT(line, HasSubstr("GetFile: NOT_FOUND (FILE_NOT_FOUND) "));
  EXPECT_THAT(line, Not(HasSubstr("secret")));
}

TEST_F(CallLogTest, LeavesOutWhatIsNoReason) {
  const absl::Status status = MakeError(absl::StatusCode::kInternal, "text",
                                        {"A REASON\n2026 forged", {}, {}});
  EXPECT_THAT(Line(status), HasSubstr("GetFile: INTERNAL duration_ms="));
}

TEST_F(CallLogTest, WritesFailedCallsAtInfoAndOthersAtDebug) {
  std::ostringstream lines;
  const auto former = spdlog::default_logger();
  auto logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
  logger->set_pattern("%l %v");
  spdlog::set_default_logger(logger);
  CallLog log;
  const absl::Status ok;
  const absl::Status cancelled = absl::CancelledError("");
  logger->set_level(spdlog::level::info);
  log.OnCallEnded({call_, ok, {}, {}});
  EXPECT_EQ(lines.str(), "");
  log.OnCallEnded({call_, cancelled, {}, {}});
  EXPECT_THAT(lines.str(), testing::StartsWith("info call dissectd.v1."));
  lines.str("");
  logger->set_level(spdlog::level::debug);
  log.OnCallEnded({call_, ok, {}, {}});
  EXPECT_THAT(lines.str(), testing::StartsWith("debug call dissectd.v1."));
  spdlog::set_default_logger(former);
}

}  // namespace
}  // namespace dissectd::server
