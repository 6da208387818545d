// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/own_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace dissectd::server {
namespace {

constexpr uint64_t kBytes = 64 << 20;

TEST(OwnMemoryTest, MemoryThatIsUsedIsResident) {
  const uint64_t resident = ResidentBytes();
  EXPECT_GT(resident, 0u);
  const std::vector<char> used(kBytes, 'x');
  EXPECT_GE(ResidentBytes(), resident + kBytes * 9 / 10);
  EXPECT_EQ(used.back(), 'x');
}

// The allocators of sanitizers don't tell.
#if !defined(__SANITIZE_ADDRESS__) && !defined(DISSECTD_TSAN)
TEST(OwnMemoryTest, MemoryThatIsUsedIsAllocated) {
  const uint64_t allocated = AllocatedBytes();
  const std::vector<char> used(kBytes, 'x');
  EXPECT_GE(AllocatedBytes(), allocated + kBytes);
  EXPECT_EQ(used.back(), 'x');
}
#endif

}  // namespace
}  // namespace dissectd::server
