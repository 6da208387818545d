// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_quota.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

using Shortage = StoreQuota::Shortage;

class StoreQuotaTest : public ::testing::Test {
 protected:
  TemporaryStore folder_;
  StoreQuota quota_{folder_.files()->root_fd(), {1000, 600}};
};

TEST_F(StoreQuotaTest, TellsWhoseShareIsUsedUp) {
  EXPECT_EQ(quota_.Reserve("anna", 601), Shortage::kOfOwner);
  EXPECT_EQ(quota_.Reserve("anna", 600), Shortage::kNone);
  EXPECT_EQ(quota_.Reserve("anna", 0), Shortage::kOfOwner);
  EXPECT_EQ(quota_.Reserve("berta", 401), Shortage::kOfAll);
  EXPECT_EQ(quota_.Reserve("berta", 400), Shortage::kNone);
  quota_.Release("anna", 100);
  EXPECT_EQ(quota_.FreeFor("anna"), 100u);
  EXPECT_EQ(quota_.FreeFor("berta"), 100u);
}

TEST_F(StoreQuotaTest, ALeaseIsBoundedByWhatIsLeft) {
  quota_.Count("anna", 500);
  const auto lease = quota_.LeaseFor("anna", 400);
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(lease->bytes(), 100u);
  EXPECT_EQ(quota_.LeaseFor("anna", 1), nullptr);
  EXPECT_EQ(quota_.FreeFor("berta"), 400u);
}

TEST_F(StoreQuotaTest, TheFirstLeaseMayBeLargerThanExpected) {
  const auto first = quota_.LeaseFor("anna", 10);
  EXPECT_EQ(first->bytes(), 300u);
  const auto second = quota_.LeaseFor("anna", 10);
  EXPECT_EQ(second->bytes(), 10u);
  EXPECT_EQ(quota_.LeaseFor("berta", 10, 20)->bytes(), 20u);
}

// Files that nobody reads count as long as they exist.
TEST_F(StoreQuotaTest, LeasesShrinkToTheSizesOfTheirFiles) {
  std::vector<std::shared_ptr<StoreQuota::Lease>> leases;
  uint64_t sum = 0;
  while (true) {
    auto lease = quota_.LeaseFor("anna", 200);
    if (lease == nullptr) break;
    ASSERT_LE(sum + lease->bytes(), 600u);
    const uint64_t size = lease->bytes() / 2;
    lease->Settle(size == 0 ? 1 : size);
    sum += size == 0 ? 1 : size;
    leases.push_back(std::move(lease));
  }
  EXPECT_EQ(sum, 600u);
  EXPECT_EQ(quota_.FreeFor("berta"), 400u);
  leases.clear();
  EXPECT_EQ(quota_.FreeFor("anna"), 600u);
}

TEST_F(StoreQuotaTest, AFileThatIsKeptCountsOnWithoutItsLease) {
  auto lease = quota_.LeaseFor("anna", 200);
  lease->Settle(150);
  lease->Keep("anna");
  lease.reset();
  EXPECT_EQ(quota_.FreeFor("anna"), 450u);
  quota_.Release("anna", 150);
  EXPECT_EQ(quota_.FreeFor("anna"), 600u);
}

TEST_F(StoreQuotaTest, LimitsTheNumberOfFilesOfEachOwnerAndOfAll) {
  StoreQuota quota(folder_.files()->root_fd(), {1000, 600, 0, 4, 3});
  EXPECT_EQ(quota.ReserveFile("anna"), Shortage::kNone);
  quota.Count("anna", 10);
  auto lease = quota.LeaseFor("anna", 10);
  lease->Settle(10);
  lease->Keep("anna");
  EXPECT_EQ(quota.ReserveFile("anna"), Shortage::kFilesOfOwner);
  EXPECT_EQ(quota.ReserveFile("berta"), Shortage::kNone);
  EXPECT_EQ(quota.ReserveFile("berta"), Shortage::kFilesOfAll);
  // Bytes alone are no file.
  quota.Release("anna", 10);
  EXPECT_EQ(quota.ReserveFile("berta"), Shortage::kFilesOfAll);
  quota.Forget("anna", 10);
  EXPECT_EQ(quota.FreeFor("anna"), 600u);
  EXPECT_EQ(quota.ReserveFile("anna"), Shortage::kNone);
  quota.Forget("berta", 0);
  EXPECT_EQ(quota.ReserveFile("anna"), Shortage::kFilesOfOwner);
  quota.Reset();
  EXPECT_EQ(quota.ReserveFile("anna"), Shortage::kNone);
}

TEST_F(StoreQuotaTest, LeasesFromBeforeAResetReleaseNothing) {
  auto lease = quota_.LeaseFor("anna", 200);
  quota_.Reset();
  quota_.Count("anna", 50);
  lease.reset();
  EXPECT_EQ(quota_.FreeFor("anna"), 550u);
}

TEST_F(StoreQuotaTest, KeepsDiskSpaceFree) {
  StoreQuota quota(folder_.files()->root_fd(), {1000, 1000, uint64_t{1} << 60});
  EXPECT_EQ(quota.Reserve("anna", 1), Shortage::kDisk);
  EXPECT_EQ(quota.LeaseFor("anna", 1), nullptr);
}

}  // namespace
}  // namespace dissectd::server
