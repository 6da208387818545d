// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/thread_checker.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "server/base/io_loop.h"

namespace dissectd::server {
namespace {

// Death tests that start threads run in a separate process.
class ThreadCheckerDeathTest : public testing::Test {
 protected:
  void SetUp() override {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
  }
};

TEST_F(ThreadCheckerDeathTest, HoldsAnObjectToItsFirstThread) {
  const ThreadChecker checker;
  checker.AssertOnThread();
  checker.AssertOnThread();
  EXPECT_DEBUG_DEATH(
      std::thread([&checker] { checker.AssertOnThread(); }).join(),
      "called on the wrong thread");
}

TEST_F(ThreadCheckerDeathTest, AnObjectMayMoveToItsThreadAfterConstruction) {
  const ThreadChecker checker;
  std::thread([&checker] { checker.AssertOnThread(); }).join();
  EXPECT_DEBUG_DEATH(checker.AssertOnThread(), "called on the wrong thread");
}

TEST_F(ThreadCheckerDeathTest, TheLoopKnowsItsThread) {
  IoLoop loop;
  absl::Notification checked;
  loop.Post([&] {
    loop.AssertOnLoop();
    checked.Notify();
  });
  checked.WaitForNotification();
  EXPECT_DEBUG_DEATH(loop.AssertOnLoop(), "called on the wrong thread");
}

}  // namespace
}  // namespace dissectd::server
