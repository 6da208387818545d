// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_log.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

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

// Gives the event its number.
void AddNext(v1::CaptureEvent event, CaptureLog* log) {
  event.set_sequence(log->last_sequence() + 1);
  EXPECT_TRUE(log->Add(std::move(event)));
}

TEST(CaptureLogTest, FindsTheEventAfterANumber) {
  CaptureLog log;
  EXPECT_EQ(log.After(0), nullptr);
  AddNext(Opened("a"), &log);
  AddNext(Written(1, 1), &log);
  ASSERT_NE(log.After(0), nullptr);
  EXPECT_EQ(log.After(0)->sequence(), 1u);
  EXPECT_EQ(log.After(1)->sequence(), 2u);
  EXPECT_EQ(log.After(2), nullptr);
  EXPECT_EQ(log.last_sequence(), 2u);
  EXPECT_EQ(log.CountAfter(0), 2u);
  EXPECT_EQ(log.CountAfter(1), 1u);
  EXPECT_EQ(log.CountAfter(2), 0u);
  EXPECT_EQ(log.CountAfter(7), 0u);
}

TEST(CaptureLogTest, IgnoresWhatItHasAlready) {
  CaptureLog log;
  AddNext(Opened("a"), &log);
  v1::CaptureEvent again = Opened("b");
  again.set_sequence(1);
  EXPECT_FALSE(log.Add(again));
  EXPECT_EQ(log.events().size(), 1u);
}

// A client that joins at any time gets all packets of all files.
TEST(CaptureLogTest, LosesNothingAndStaysSmall) {
  CaptureLog log;
  uint64_t total = 0;
  for (int file = 0; file < 10; ++file) {
    AddNext(Opened(std::to_string(file)), &log);
    for (int i = 0; i < 1'000; ++i) AddNext(Written(3, total += 3), &log);
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
    AddNext(Opened(std::to_string(file)), &log);
    AddNext(Written(1, ++total), &log);
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

TEST(CaptureLogTest, StaysSmallWithVeryManyMessages) {
  CaptureLog log;
  AddNext(Opened("a"), &log);
  for (int i = 0; i < 20'000; ++i) {
    v1::CaptureEvent event;
    event.mutable_message()->set_primary("The interface went down.");
    AddNext(event, &log);
    AddNext(Written(1, static_cast<uint64_t>(i)), &log);
  }
  EXPECT_LE(log.events().size(), 10'001u);
}

// A client may have seen an event that was merged into a later one.
TEST(CaptureLogTest, GoesOnAfterAnEventThatWasMerged) {
  CaptureLog log;
  for (uint64_t i = 1; i <= 1'000; ++i) AddNext(Written(1, i), &log);
  const v1::CaptureEvent* event = log.After(10);
  ASSERT_NE(event, nullptr);
  EXPECT_GT(event->sequence(), 10u);
  EXPECT_EQ(event->packets_written().total_packets(), event->sequence());
}

}  // namespace
}  // namespace dissectd::server
