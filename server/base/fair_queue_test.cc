// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dissectd::server {
namespace {

using testing::ElementsAre;

using Queue = FairQueue<std::string>;

// Returns the items in the order of their turns, each of which ends before the
// next begins.
std::vector<std::string> InTurns(Queue* queue) {
  std::vector<std::string> items;
  while (std::optional<Queue::Turn> turn = queue->Next()) {
    queue->Release(turn->caller);
    items.push_back(turn->item);
  }
  return items;
}

// Returns the items that get slots now.
std::vector<std::string> Started(Queue* queue) {
  std::vector<std::string> items;
  while (std::optional<Queue::Turn> turn = queue->Next()) {
    items.push_back(turn->item);
  }
  return items;
}

TEST(FairQueueTest, CallersTakeTurns) {
  Queue queue({1, 1});
  for (const char* item : {"a1", "a2", "a3", "a4"}) queue.Push("a", item);
  for (const char* item : {"b1", "b2"}) queue.Push("b", item);
  queue.Push("c", "c1");
  EXPECT_EQ(queue.size(), 7u);
  EXPECT_EQ(queue.WaitingOf("a"), 4u);
  EXPECT_EQ(queue.WaitingOf("d"), 0u);
  EXPECT_THAT(InTurns(&queue),
              ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(FairQueueTest, OneWhoComesLaterWaitsForOneTurnOfEachOther) {
  Queue queue({1, 1});
  for (const char* item : {"a1", "a2", "a3"}) queue.Push("a", item);
  const std::optional<Queue::Turn> first = queue.Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_FALSE(queue.Next().has_value()) << "there is one slot";
  queue.Push("b", "b1");
  queue.Release(first->caller);
  EXPECT_THAT(InTurns(&queue), ElementsAre("a2", "b1", "a3"));
}

TEST(FairQueueTest, NoCallerHasMoreSlotsThanItsLimit) {
  Queue queue({4, 2});
  for (const char* item : {"a1", "a2", "a3"}) queue.Push("a", item);
  EXPECT_THAT(Started(&queue), ElementsAre("a1", "a2"));
  queue.Release("a");
  EXPECT_THAT(Started(&queue), ElementsAre("a3"));
}

TEST(FairQueueTest, TheLastSlotIsForACallerWithoutOne) {
  Queue queue({4, 2});
  for (const char* item : {"a1", "a2", "a3"}) queue.Push("a", item);
  for (const char* item : {"b1", "b2"}) queue.Push("b", item);
  EXPECT_THAT(Started(&queue), ElementsAre("a1", "b1", "a2"));
  queue.Push("c", "c1");
  EXPECT_THAT(Started(&queue), ElementsAre("c1"));
  queue.Release("a");
  // One slot stays free, as both have one already.
  EXPECT_THAT(Started(&queue), ElementsAre());
  queue.Release("a");
  EXPECT_THAT(Started(&queue), ElementsAre("b2", "a3"));
}

TEST(FairQueueTest, WhatIsRemovedHasNoTurn) {
  Queue queue({1, 1});
  for (const char* item : {"a1", "x", "a2"}) queue.Push("a", item);
  queue.Push("b", "x");
  queue.Push("c", "c1");
  queue.RemoveIf([](const std::string& item) { return item == "x"; });
  EXPECT_EQ(queue.size(), 3u);
  EXPECT_EQ(queue.WaitingOf("b"), 0u);
  EXPECT_THAT(InTurns(&queue), ElementsAre("a1", "c1", "a2"));
}

TEST(FairQueueTest, ItemsCanBeMovedOnly) {
  FairQueue<std::unique_ptr<int>> queue({1, 1});
  queue.Push("a", std::make_unique<int>(7));
  const auto turn = queue.Next();
  ASSERT_TRUE(turn.has_value());
  EXPECT_EQ(*turn->item, 7);
}

}  // namespace
}  // namespace dissectd::server
