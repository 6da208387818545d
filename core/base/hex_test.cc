// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/hex.h"

#include "gtest/gtest.h"

namespace dissectd {
namespace {

TEST(HexTest, PairsOfDigitsAreBytes) {
  EXPECT_EQ(BytesOfHex(""), "");
  EXPECT_EQ(BytesOfHex("00fF7a"), std::string("\0\xff\x7a", 3));
}

TEST(HexTest, OtherTextHasNoBytes) {
  for (const char* text :
       {"0", "123", "0g", "g0", " 1", "1 ", "0x", "\xc3\xa9"}) {
    EXPECT_EQ(BytesOfHex(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dissectd
