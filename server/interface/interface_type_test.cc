// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_type.h"

#include <gtest/gtest.h>

#include <set>

namespace dissectd::server {
namespace {

TEST(InterfaceTypeTest, EachTypeOfTheApiHasOneNumber) {
  std::set<v1::InterfaceType> types;
  int number = 0;
  for (; ToInterfaceType(number) != v1::INTERFACE_TYPE_UNSPECIFIED; ++number) {
    EXPECT_TRUE(types.insert(ToInterfaceType(number)).second) << number;
  }
  EXPECT_EQ(number, v1::InterfaceType_descriptor()->value_count() - 1);
}

TEST(InterfaceTypeTest, OtherNumbersAreUnspecified) {
  for (const int number : {-1, -1000, 10, 11, 1000}) {
    EXPECT_EQ(ToInterfaceType(number), v1::INTERFACE_TYPE_UNSPECIFIED)
        << number;
  }
}

// dumpcap numbers the types in this order; wired is 0.
TEST(InterfaceTypeTest, NumbersAreDumpcaps) {
  EXPECT_EQ(ToInterfaceType(0), v1::INTERFACE_TYPE_WIRED);
  EXPECT_EQ(ToInterfaceType(2), v1::INTERFACE_TYPE_PIPE);
  EXPECT_EQ(ToInterfaceType(5), v1::INTERFACE_TYPE_WIRELESS);
  EXPECT_EQ(ToInterfaceType(9), v1::INTERFACE_TYPE_VIRTUAL);
}

}  // namespace
}  // namespace dissectd::server
