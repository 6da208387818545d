// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engine_log.h"

#include <unistd.h>

#include <asio/io_context.hpp>
#include <cerrno>
#include <csignal>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class EngineLogTest : public ::testing::Test {
 protected:
  EngineLogTest() {
    signal(SIGPIPE, SIG_IGN);
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(stream_));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
    log_ = *EngineLog::Open(&context_, &end_);
  }

  ssize_t Print(const std::string& text) const {
    return write(end_.get(), text.data(), text.size());
  }

  // Logs what was printed, and returns the lines of the log.
  std::vector<std::string> Lines() {
    log_->Finish();
    context_.run();
    std::vector<std::string> lines = absl::StrSplit(
        absl::StripSuffix(stream_.str(), "\n"), '\n', absl::SkipEmpty());
    return lines;
  }

  std::ostringstream stream_;
  asio::io_context context_;
  UniqueFd end_;
  std::shared_ptr<EngineLog> log_;
};

TEST_F(EngineLogTest, KeepsLevelsAndProcesses) {
  Print("error[12]: can't\ninfo[13]: \"ready\"\nfree(): invalid pointer\n");
  EXPECT_THAT(Lines(), ElementsAre("error engine[12]: can't",
                                   "info engine[13]: \"ready\"",
                                   "warning engine: free(): invalid pointer"));
}

TEST_F(EngineLogTest, KeepsTheIdsOfCalls) {
  Print(
      "error[12 request_id=a/1 trace_id=4b]: can't\n"
      "error[12 request_id=\"a\"]: x\nerror[12 ]: y\n" +
      absl::StrCat("error[12 ", std::string(300, 'x'), "]: z\n"));
  EXPECT_THAT(Lines(),
              ElementsAre("error engine[12 request_id=a/1 trace_id=4b]: can't",
                          "warning engine: error[12 request_id=\"a\"]: x",
                          "warning engine: error[12 ]: y",
                          absl::StrCat("warning engine: error[12 ",
                                       std::string(300, 'x'), "]: z")));
}

TEST_F(EngineLogTest, EveryLineSaysThatItComesFromTheEngine) {
  Print(
      "2026-01-01T00:00:00Z info dissectd[1]: x\n"
      "off[1]: y\nerror[]: z\nerror[123456789012]: z\nerror[1]:\r\x1b[2J\n\n");
  EXPECT_THAT(
      Lines(),
      ElementsAre("warning engine: 2026-01-01T00:00:00Z info dissectd[1]: x",
                  "warning engine: off[1]: y", "warning engine: error[]: z",
                  "warning engine: error[123456789012]: z",
                  "warning engine: error[1]:\\x0d\\x1b[2J"));
}

TEST_F(EngineLogTest, EscapesControlCharactersOnly) {
  Print("info[1]: \u00e9\t\x7f\u009b\u0085\xff\n");
  EXPECT_THAT(Lines(),
              ElementsAre("info engine[1]: \u00e9\\x09\\x7f\\x9b\\x85\ufffd"));
}

TEST_F(EngineLogTest, LastWordsNeedNoNewline) {
  Print("last words");
  EXPECT_THAT(Lines(), ElementsAre("warning engine: last words"));
}

TEST_F(EngineLogTest, WordsWithoutANewlineDoNotJoinTheNextLine) {
  Print("x");
  while (stream_.str().empty()) context_.run_one();
  Print("error[1]: y\n");
  EXPECT_THAT(Lines(), ElementsAre("warning engine: x", "error engine[1]: y"));
}

TEST_F(EngineLogTest, CutsLongLines) {
  Print(std::string(EngineLog::kMaxLineBytes + 5, 'x') + "\nnext\n");
  EXPECT_THAT(
      Lines(),
      ElementsAre(
          absl::StrCat("warning engine: ",
                       std::string(EngineLog::kMaxLineBytes, 'x'), " ..."),
          "warning engine: next"));
}

TEST_F(EngineLogTest, LimitsTheNumberOfLines) {
  constexpr int kLines = 3000;
  std::string text;
  for (int i = 0; i < kLines; ++i) absl::StrAppend(&text, "line ", i, "\n");
  ASSERT_EQ(Print(text), static_cast<ssize_t>(text.size()));
  const std::vector<std::string> lines = Lines();
  ASSERT_THAT(lines, SizeIs(EngineLog::kMaxLinesPerMinute + 1));
  EXPECT_EQ(lines.back(), "warning engine: 2000 more lines were left out");
}

TEST_F(EngineLogTest, WhoPrintsNeverWaits) {
  const std::string text(1 << 20, 'x');
  const ssize_t taken = Print(text);
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, static_cast<ssize_t>(text.size()));
  EXPECT_EQ(Print(text), -1);
  EXPECT_EQ(errno, EAGAIN);
  // More than the buffer, so that the rest is read after a pause.
  while (Print("y") != 1) context_.run_one();
  Lines();
  EXPECT_EQ(Print("late"), -1);
  EXPECT_EQ(errno, EPIPE);
}

}  // namespace
}  // namespace dissectd::server
