// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/sorted_lists.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

SortedLists::Order OrderOf(size_t frames) {
  return std::make_shared<const std::vector<uint32_t>>(frames, 1);
}

TEST(SortedListsTest, KeepsTheListsThatWereUsedLast) {
  SortedLists lists;
  for (int i = 0; i < 8; ++i) lists.Keep(std::to_string(i), OrderOf(10));
  const SortedLists::Order first = lists.Find("0");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->size(), 10u);
  lists.Keep("8", OrderOf(10));
  EXPECT_EQ(lists.Find("1"), nullptr);
  EXPECT_EQ(lists.Find("0"), first);
  EXPECT_NE(lists.Find("8"), nullptr);
}

TEST(SortedListsTest, KeepsFewLargeLists) {
  SortedLists lists;
  lists.Keep("half", OrderOf(size_t{4} << 20));
  lists.Keep("other", OrderOf(size_t{4} << 20));
  EXPECT_NE(lists.Find("half"), nullptr);
  lists.Keep("one", OrderOf(1));
  EXPECT_EQ(lists.Find("other"), nullptr);
  EXPECT_NE(lists.Find("half"), nullptr);
  lists.Keep("huge", OrderOf(size_t{9} << 20));
  EXPECT_EQ(lists.Find("half"), nullptr);
  EXPECT_EQ(lists.Find("one"), nullptr);
  EXPECT_NE(lists.Find("huge"), nullptr);
}

TEST(SortedListsTest, ReplacesAnOrder) {
  SortedLists lists;
  lists.Keep("list", OrderOf(1));
  const SortedLists::Order other = OrderOf(2);
  lists.Keep("list", other);
  EXPECT_EQ(lists.Find("list"), other);
}

}  // namespace
}  // namespace dissectd::server
