// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/fair_share.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace dissectd::server {
namespace {

// Returns how many places each of some callers gets if one after the other
// takes all that it may have.
std::vector<uint32_t> PlacesOf(const FairShare& share, size_t callers) {
  std::vector<uint32_t> places(callers, 0);
  uint32_t free = share.limit;
  for (uint32_t& own : places) {
    while (share.Allows(own, free)) {
      ++own;
      --free;
    }
  }
  return places;
}

TEST(FairShareTest, OneCallerGetsItsLimit) {
  EXPECT_EQ(PlacesOf({64, 32}, 1)[0], 32u);
  EXPECT_EQ(PlacesOf({64, 2}, 1)[0], 2u);
  EXPECT_EQ(PlacesOf({64, 48}, 1)[0], 48u);
}

TEST(FairShareTest, CallersThatTakeAllTheyCanLeaveSomeToTheNext) {
  EXPECT_EQ(PlacesOf({64, 32}, 6), (std::vector<uint32_t>{32, 16, 8, 4, 2, 1}));
  EXPECT_EQ(PlacesOf({64, 48}, 3), (std::vector<uint32_t>{48, 12, 3}));
  for (const uint32_t place : PlacesOf({1000, 256}, 8)) EXPECT_GT(place, 3u);
}

TEST(FairShareTest, SmallSharesAreWhole) {
  for (const uint32_t place : PlacesOf({64, 2}, 31)) EXPECT_EQ(place, 2u);
}

TEST(FairShareTest, WhoeverMayHaveAllGetsAll) {
  EXPECT_EQ(PlacesOf({3, 3}, 2), (std::vector<uint32_t>{3, 0}));
  EXPECT_EQ(PlacesOf({3, 1000}, 2), (std::vector<uint32_t>{3, 0}));
  EXPECT_EQ(PlacesOf({1, 1}, 2), (std::vector<uint32_t>{1, 0}));
}

}  // namespace
}  // namespace dissectd::server
