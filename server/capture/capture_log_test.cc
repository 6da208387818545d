// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_log.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

v1::CaptureEvent Written(uint64_t packets, uint64_t total) {
  v1::CaptureEvent event;
  event.mutable_packets_written()->set_new_packets(packets);
  event.mutable_packets_written()->set_total_packets(total);
  return event;
}

v1::CaptureEvent Opened(const std::string& file) {
  v1::CaptureEvent event;
  event.mutable_file_opened()->set_file(file);
  return event;
}

TEST(CaptureLogTest, NumbersEventsFromOne) {
  CaptureLog log;
  EXPECT_EQ(log.After(0), nullptr);
  log.Add(Opened("a"));
  log.Add(Written(1, 1));
  ASSERT_NE(log.After(0), nullptr);
  EXPECT_EQ(log.After(0)->sequence(), 1u);
  EXPECT_TRUE(log.After(0)->has_time());
  EXPECT_EQ(log.After(1)->sequence(), 2u);
  EXPECT_EQ(log.After(2), nullptr);
  EXPECT_EQ(log.last_sequence(), 2u);
}

// Whoever joins, whenever, adds up all packets of all files.
TEST(CaptureLogTest, LosesNothingAndStaysSmall) {
  CaptureLog log;
  uint64_t total = 0;
  for (int file = 0; file < 10; ++file) {
    log.Add(Opened(std::to_string(file)));
    for (int i = 0; i < 1'000; ++i) log.Add(Written(3, total += 3));
  }
  EXPECT_EQ(log.last_sequence(), 10'010u);
  EXPECT_LT(log.events().size(), 300u);
  uint64_t seen = 0;
  uint64_t sequence = 0;
  int files = 0;
  while (const v1::CaptureEvent* event = log.After(sequence)) {
    EXPECT_GT(event->sequence(), sequence);
    sequence = event->sequence();
    if (event->has_file_opened()) {
      EXPECT_EQ(event->file_opened().file(), std::to_string(files++));
      EXPECT_EQ(seen, 3'000u * static_cast<uint64_t>(files - 1));
    } else {
      seen += event->packets_written().new_packets();
      EXPECT_EQ(event->packets_written().total_packets(), seen);
    }
  }
  EXPECT_EQ(files, 10);
  EXPECT_EQ(seen, total);
}

TEST(CaptureLogTest, StaysSmallWithVeryManyFiles) {
  CaptureLog log;
  uint64_t total = 0;
  for (int file = 0; file < 20'000; ++file) {
    log.Add(Opened(std::to_string(file)));
    log.Add(Written(1, ++total));
  }
  EXPECT_LE(log.events().size(), 10'001u);
  uint64_t seen = 0;
  uint64_t sequence = 0;
  while (const v1::CaptureEvent* event = log.After(sequence)) {
    sequence = event->sequence();
    seen += event->packets_written().new_packets();
  }
  EXPECT_EQ(seen, total);
  EXPECT_EQ(sequence, 40'000u);
}

// Whoever saw an event that has become part of a later one.
TEST(CaptureLogTest, GoesOnAfterAnEventThatWasMerged) {
  CaptureLog log;
  for (uint64_t i = 1; i <= 1'000; ++i) log.Add(Written(1, i));
  const v1::CaptureEvent* event = log.After(10);
  ASSERT_NE(event, nullptr);
  EXPECT_GT(event->sequence(), 10u);
  EXPECT_EQ(event->packets_written().total_packets(), event->sequence());
}

}  // namespace
}  // namespace dissectd::server
