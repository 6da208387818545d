// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/recent_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "spdlog/logger.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class RecentLogTest : public ::testing::Test {
 protected:
  RecentLogTest() { logger_.set_pattern("%l %v"); }

  const std::shared_ptr<RecentLog> log_ = std::make_shared<RecentLog>();
  spdlog::logger logger_{"test", log_};
};

TEST_F(RecentLogTest, KeepsLinesAsTheyAreLogged) {
  logger_.info("one");
  logger_.debug("not logged");
  logger_.warn("two \xff");
  EXPECT_THAT(log_->Lines(), ElementsAre("info one", "warning two \ufffd"));
}

TEST_F(RecentLogTest, ForgetsTheOldestLines) {
  for (size_t i = 0; i < RecentLog::kMaxLines + 2; ++i) logger_.info("{}", i);
  EXPECT_THAT(log_->Lines(), SizeIs(RecentLog::kMaxLines));
  EXPECT_EQ(log_->Lines().front(), "info 2");
  EXPECT_EQ(log_->Lines().back(), "info 1001");
}

TEST_F(RecentLogTest, ItsMemoryIsLimited) {
  for (size_t i = 0; i < RecentLog::kMaxLines; ++i) {
    logger_.info("{}", std::string(2 * RecentLog::kMaxLineBytes, 'x'));
  }
  EXPECT_THAT(log_->Lines(),
              SizeIs(RecentLog::kMaxBytes / RecentLog::kMaxLineBytes));
  EXPECT_THAT(log_->Lines().back(), SizeIs(RecentLog::kMaxLineBytes));
}

}  // namespace
}  // namespace dissectd::server
