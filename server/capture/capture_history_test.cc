// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_history.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

v1::CaptureEvent Opened(const std::string& file) {
  v1::CaptureEvent event;
  event.mutable_file_opened()->set_file(file);
  return event;
}

v1::CaptureEvent Written(uint64_t total) {
  v1::CaptureEvent event;
  event.mutable_packets_written()->set_total_packets(total);
  return event;
}

v1::CaptureEvent Stopped(v1::StopReason reason) {
  v1::CaptureEvent event;
  event.mutable_stopped()->set_reason(reason);
  return event;
}

CaptureHistory Started(uint32_t ring_files) {
  v1::Capture description;
  description.set_state(v1::CAPTURE_STATE_STARTING);
  if (ring_files != 0) {
    description.mutable_options()->mutable_ring()->set_files(ring_files);
  }
  return CaptureHistory(description);
}

TEST(CaptureHistoryTest, FollowsFromItsEvents) {
  CaptureHistory history = Started(0);
  history.Add(Opened("a"));
  EXPECT_EQ(history.description().state(), v1::CAPTURE_STATE_RUNNING);
  history.Add(Written(3));
  history.Add(Written(10));
  history.Add(Opened("b"));
  history.Add(Written(12));
  EXPECT_EQ(history.description().packets_written(), 12u);
  EXPECT_EQ(history.description().file_count(), 2u);
  EXPECT_EQ(history.description().last_sequence(), 5u);
  ASSERT_EQ(history.files().size(), 2u);
  EXPECT_EQ(history.files()[0].packets(), 10u);
  EXPECT_EQ(history.files()[1].first_packet(), 11u);
  EXPECT_EQ(history.files()[1].packets(), 2u);
  EXPECT_EQ(history.description().current_file().DebugString(),
            history.files()[1].DebugString());
  EXPECT_FALSE(history.has_ended());
  history.Add(Stopped(v1::STOP_REASON_REQUESTED));
  EXPECT_TRUE(history.has_ended());
  EXPECT_EQ(history.description().state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(history.description().end_time().DebugString(),
            history.log().After(5)->time().DebugString());
}

TEST(CaptureHistoryTest, ARingDeletesItsOldestFiles) {
  CaptureHistory history = Started(2);
  for (int i = 0; i < 5; ++i) {
    history.Add(Opened(std::to_string(i)));
    history.Add(Written(static_cast<uint64_t>(i) + 1));
  }
  EXPECT_EQ(history.description().file_count(), 2u);
  EXPECT_EQ(history.description().files_deleted(), 3u);
  EXPECT_EQ(history.files_opened(), 5u);
  ASSERT_EQ(history.files().size(), 2u);
  EXPECT_EQ(history.files()[0].file(), "3");
  EXPECT_EQ(history.files()[0].first_packet(), 4u);
}

TEST(CaptureHistoryTest, IgnoresEventsThatItKnows) {
  CaptureHistory history = Started(0);
  history.Add(Opened("a"));
  history.Add(Written(3));
  const std::string before = history.description().DebugString();
  history.Replay(*history.log().After(0));
  history.Replay(*history.log().After(1));
  EXPECT_EQ(history.description().DebugString(), before);
  EXPECT_EQ(history.files().size(), 1u);
}

// Clients may have seen events that were not written before the daemon died.
TEST(CaptureHistoryTest, UsesNoNumberTwiceAfterARestart) {
  CaptureHistory history = Started(0);
  history.Add(Opened("a"));
  history.AddAfterRestart(Stopped(v1::STOP_REASON_INTERRUPTED));
  EXPECT_GT(history.description().last_sequence(), 100'000u);
  ASSERT_NE(history.log().After(100'000), nullptr);
  EXPECT_TRUE(history.log().After(100'000)->has_stopped());
  EXPECT_EQ(history.description().state(), v1::CAPTURE_STATE_INTERRUPTED);
}

}  // namespace
}  // namespace dissectd::server
