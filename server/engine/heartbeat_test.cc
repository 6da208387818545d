// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/heartbeat.h"

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>

namespace dissectd::server {
namespace {

class HeartbeatTest : public ::testing::Test {
 protected:
  // Answers this number of pings, then falls silent. Runs until the silence is
  // noticed.
  void RunWithAnswers(int answers) {
    Heartbeat::Options options;
    options.interval = std::chrono::milliseconds(1);
    options.patience = 3;
    options.send_ping = [this, answers] {
      if (++pings_ <= answers) heartbeat_->OnAnswer();
    };
    options.on_silence = [this] { ++silences_; };
    Heartbeat heartbeat(&context_, std::move(options));
    heartbeat_ = &heartbeat;
    heartbeat.Start();
    context_.run();
  }

  asio::io_context context_;
  Heartbeat* heartbeat_ = nullptr;
  int pings_ = 0;
  int silences_ = 0;
};

TEST_F(HeartbeatTest, SilenceIsNoticedOnceAfterOnePing) {
  RunWithAnswers(0);
  EXPECT_EQ(silences_, 1);
  EXPECT_EQ(pings_, 1);
}

TEST_F(HeartbeatTest, AnswersKeepItGoing) {
  RunWithAnswers(20);
  EXPECT_EQ(silences_, 1);
  EXPECT_EQ(pings_, 21);
}

TEST_F(HeartbeatTest, AStoppedOneIsQuiet) {
  Heartbeat::Options options;
  options.interval = std::chrono::milliseconds(1);
  options.send_ping = [this] { ++pings_; };
  options.on_silence = [this] { ++silences_; };
  Heartbeat heartbeat(&context_, std::move(options));
  heartbeat.Start();
  heartbeat.Stop();
  context_.run();
  EXPECT_EQ(pings_, 1);
  EXPECT_EQ(silences_, 0);
}

}  // namespace
}  // namespace dissectd::server
