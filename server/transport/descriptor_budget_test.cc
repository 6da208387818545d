// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/descriptor_budget.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace dissectd::server {
namespace {

TEST(DescriptorBudgetTest, LeavesRoomForEverythingElse) {
  const DescriptorNeeds needs = {64, 64};
  const uint32_t budget = ConnectionBudget(4096, 10, needs);
  EXPECT_GT(budget, 2000u);
  EXPECT_LT(budget, 4096u - 64 * 8 - 64 * 8);
  EXPECT_LT(ConnectionBudget(4096, 10, {128, 64}), budget);
}

TEST(DescriptorBudgetTest, SharesWhatIsTooLittle) {
  const DescriptorNeeds needs = {64, 64};
  const uint32_t budget = ConnectionBudget(64, 8, needs);
  EXPECT_GE(budget, 8u);
  EXPECT_LT(budget, 24u);
  EXPECT_EQ(ConnectionBudget(10, 8, needs), 1u);
}

TEST(DescriptorBudgetTest, HasAnEnd) {
  EXPECT_EQ(ConnectionBudget(1 << 30, 8, {1, 1}), 10'000u);
}

TEST(DescriptorBudgetTest, RaisesTheLimit) {
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low = {64, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const uint64_t limit = RaiseDescriptorLimit();
  rlimit raised = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &raised), 0);
  EXPECT_EQ(raised.rlim_cur, limit);
  EXPECT_GT(limit, 64u);
  EXPECT_LE(limit, before.rlim_max);
  EXPECT_GE(CountOpenDescriptors(), 3u);
}

}  // namespace
}  // namespace dissectd::server
