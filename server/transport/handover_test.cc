// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/handover.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace dissectd::server {
namespace {

TEST(HandoverTest, OneThatTakesLongDoesNotKeepOthersWaiting) {
  absl::Notification enough;
  absl::Notification other_done;
  bool done = false;
  {
    Handover handover;
    handover.Run([&] {
      enough.WaitForNotification();
      done = true;
    });
    handover.Run([&] { other_done.Notify(); });
    EXPECT_TRUE(other_done.WaitForNotificationWithTimeout(absl::Seconds(30)));
    handover.AwaitAll(absl::Milliseconds(10));
    enough.Notify();
  }
  EXPECT_TRUE(done);
}

TEST(HandoverTest, WaitsForAll) {
  constexpr int kMany = 100;
  std::atomic<int> done(0);
  Handover handover;
  for (int i = 0; i < kMany; ++i) handover.Run([&done] { ++done; });
  handover.AwaitAll(absl::InfiniteDuration());
  EXPECT_EQ(done, kMany);
}

}  // namespace
}  // namespace dissectd::server
