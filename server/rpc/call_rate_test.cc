// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_rate.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Any time; the tests move on from it.
constexpr CallRate::Clock::time_point kStart(seconds(1000));

// Returns how many calls the caller can begin at once.
int CallsAt(CallRate* rate, const std::string& caller,
            CallRate::Clock::time_point now) {
  int calls = 0;
  while (calls < 1000 && rate->Take(caller, now)) ++calls;
  return calls;
}

TEST(CallRateTest, ACallerCanBeginTheCallsOfASecondAtOnce) {
  CallRate rate(10);
  EXPECT_EQ(CallsAt(&rate, "a", kStart), 10);
  EXPECT_EQ(CallsAt(&rate, "a", kStart + milliseconds(50)), 0);
  EXPECT_EQ(CallsAt(&rate, "a", kStart + milliseconds(350)), 3);
  EXPECT_EQ(CallsAt(&rate, "a", kStart + seconds(60)), 10);
}

TEST(CallRateTest, CallersAreCountedApart) {
  CallRate rate(10);
  EXPECT_EQ(CallsAt(&rate, "a", kStart), 10);
  EXPECT_EQ(CallsAt(&rate, "b", kStart), 10);
}

TEST(CallRateTest, ACallerCanSeeThatItHasUsedUpItsCalls) {
  CallRate rate(10);
  EXPECT_FALSE(rate.IsUsedUp("a", kStart));
  EXPECT_EQ(CallsAt(&rate, "a", kStart), 10);
  EXPECT_TRUE(rate.IsUsedUp("a", kStart + milliseconds(50)));
  EXPECT_FALSE(rate.IsUsedUp("b", kStart + milliseconds(50)));
  // Looking takes nothing away.
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(rate.IsUsedUp("a", kStart + milliseconds(150)));
  }
  EXPECT_EQ(CallsAt(&rate, "a", kStart + milliseconds(150)), 1);
}

TEST(CallRateTest, QuietCallersAreForgotten) {
  CallRate rate(10);
  for (int i = 0; i < 100; ++i) rate.Take("a" + std::to_string(i), kStart);
  EXPECT_EQ(rate.callers(), 100u);
  rate.Take("b", kStart + seconds(2));
  EXPECT_EQ(rate.callers(), 1u);
}

TEST(CallRateTest, WithoutALimitEveryCallMayBegin) {
  CallRate rate(0);
  EXPECT_EQ(CallsAt(&rate, "a", kStart), 1000);
  EXPECT_FALSE(rate.IsUsedUp("a", kStart));
  EXPECT_EQ(rate.callers(), 0u);
}

}  // namespace
}  // namespace dissectd::server
