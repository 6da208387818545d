// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/request_id.h"

#include <gtest/gtest.h>

#include <string>

#include "server/base/random_id.h"

namespace dissectd::server {
namespace {

TEST(RequestIdTest, KeepsWhatTheClientGave) {
  for (const std::string given :
       {"1", "550e8400-e29b-41d4-a716-446655440000", "a.b_c~d:e/f+g=h@i"}) {
    EXPECT_EQ(RequestIdFrom(given), given);
  }
  EXPECT_EQ(RequestIdFrom(std::string(128, 'x')), std::string(128, 'x'));
}

TEST(RequestIdTest, MakesAnotherOneForWhatNoLogLineShouldHave) {
  for (const std::string& given :
       {std::string(), std::string(129, 'x'), std::string("a b"),
        std::string("a\nb"), std::string("a\"b"), std::string("\xff"),
        std::string("caf\xc3\xa9"), std::string("a\0b", 3)}) {
    EXPECT_TRUE(IsRandomId(RequestIdFrom(given))) << given;
  }
}

TEST(RequestIdTest, NoTwoAreEqual) {
  EXPECT_NE(RequestIdFrom(""), RequestIdFrom(""));
}

}  // namespace
}  // namespace dissectd::server
