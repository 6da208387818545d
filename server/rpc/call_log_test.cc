// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/error.h"
#include "server/base/errors.h"
#include "server/base/identity_errors.h"
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
    call_.trace = {"4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"};
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
            "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 "
            "span_id=00f067aa0ba902b7 messages_received=1 bytes_received=20 "
            "messages_sent=3 "
            "bytes_sent=4");
}

TEST_F(CallLogTest, NamesTheClientsSpan) {
  call_.trace.parent_span_id = "b7ad6b7169203331";
  EXPECT_THAT(Line(absl::OkStatus()),
              HasSubstr(" span_id=00f067aa0ba902b7 "
                        "parent_span_id=b7ad6b7169203331 messages_received="));
}

TEST_F(CallLogTest, HasTheReasonOfAnErrorButNotItsText) {
  const std::string line = Line(errors::FileNotFound("secret.pcap"));
  EXPECT_THAT(line, HasSubstr("GetFile: NOT_FOUND (FILE_NOT_FOUND) "));
  EXPECT_THAT(line, Not(HasSubstr("secret")));
}

TEST_F(CallLogTest, SaysWhyACallerIsNotIdentified) {
  EXPECT_THAT(Line(errors::Unidentified("token_unknown", "No.")),
              HasSubstr(": UNAUTHENTICATED (UNAUTHENTICATED) duration_ms="));
  EXPECT_THAT(Line(errors::Unidentified("token_unknown", "No.")),
              HasSubstr(" principal=anonymous detail=token_unknown request"));
  EXPECT_THAT(Line(errors::TokenExpired()),
              HasSubstr(": UNAUTHENTICATED (TOKEN_EXPIRED) duration_ms="));
  EXPECT_THAT(Line(errors::Unidentified("a\n2026 forged", "No.")),
              Not(HasSubstr("detail")));
}

TEST_F(CallLogTest, LeavesOutWhatIsNoReason) {
  const absl::Status status = MakeError(absl::StatusCode::kInternal, "text",
                                        {"A REASON\n2026 forged", {}, {}});
  EXPECT_THAT(Line(status), HasSubstr("GetFile: INTERNAL duration_ms="));
}

// Takes the place of the log.
class RecordedLog {
 public:
  RecordedLog()
      : logger_(std::make_shared<spdlog::logger>(
            "test",
            std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_))) {
    logger_->set_pattern("%l %v");
    spdlog::set_default_logger(logger_);
  }
  ~RecordedLog() { spdlog::set_default_logger(former_); }
  RecordedLog(const RecordedLog&) = delete;
  RecordedLog& operator=(const RecordedLog&) = delete;

  void SetLevel(spdlog::level::level_enum level) { logger_->set_level(level); }
  // Returns what was written since the last call.
  std::string Take() {
    std::string text = stream_.str();
    stream_.str("");
    return text;
  }

 private:
  std::ostringstream stream_;
  const std::shared_ptr<spdlog::logger> former_ = spdlog::default_logger();
  const std::shared_ptr<spdlog::logger> logger_;
};

TEST_F(CallLogTest, WritesFailedCallsAtInfoAndOthersAtDebug) {
  RecordedLog lines;
  CallLog log;
  const absl::Status ok;
  const absl::Status cancelled = absl::CancelledError("");
  lines.SetLevel(spdlog::level::info);
  log.OnCallEnded({call_, ok, {}, {}});
  EXPECT_EQ(lines.Take(), "");
  log.OnCallEnded({call_, cancelled, {}, {}});
  EXPECT_THAT(lines.Take(), testing::StartsWith("info call dissectd.v1."));
  lines.SetLevel(spdlog::level::debug);
  log.OnCallEnded({call_, ok, {}, {}});
  EXPECT_THAT(lines.Take(), testing::StartsWith("debug call dissectd.v1."));
}

TEST_F(CallLogTest, ACallerCannotFillTheLogWithCallsThatFail) {
  constexpr uint64_t kCalls = 5000;
  RecordedLog lines;
  CallLog log;
  const absl::Status cancelled = absl::CancelledError("");
  CallInfo other = call_;
  call_.share_key = "token:alice";
  other.share_key = "token:bob";
  const absl::Time start = absl::Now();
  for (uint64_t i = 0; i < kCalls; ++i) {
    log.OnCallEnded({call_, cancelled, {}, {}});
  }
  const auto seconds =
      static_cast<uint64_t>(absl::ToInt64Seconds(absl::Now() - start)) + 1;
  log.OnCallEnded({other, cancelled, {}, {}});
  log.Flush();
  uint64_t written = 0;
  uint64_t left_out = 0;
  const std::string text = lines.Take();
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, "info call ")) ++written;
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() < 4 || words[1] != "left") continue;
    EXPECT_THAT(std::string(line), HasSubstr("calls of token:alice that"));
    left_out += std::stoull(words[3]);
  }
  EXPECT_LE(written, (seconds + 1) * CallerLines::kMaxPerSecond + 1);
  EXPECT_GT(left_out, 0u);
  EXPECT_EQ(written + left_out, kCalls + 1);
}

}  // namespace
}  // namespace dissectd::server
