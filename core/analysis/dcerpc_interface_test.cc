// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/dcerpc_interface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;

constexpr char kUuid[] = "12345778-1234-abcd-EF00-0123456789ac";

std::optional<DceRpcInterface> Parse(const std::string& rest) {
  return ParseDceRpcInterface(kUuid + rest);
}

TEST(DceRpcInterfaceTest, UuidAndVersion) {
  const auto parsed = Parse(",65536.1");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->uuid.data1, 0x12345778);
  EXPECT_EQ(parsed->uuid.data2, 0x1234);
  EXPECT_EQ(parsed->uuid.data3, 0xabcd);
  EXPECT_THAT(parsed->uuid.data4,
              ElementsAre(0xef, 0, 1, 0x23, 0x45, 0x67, 0x89, 0xac));
  EXPECT_EQ(parsed->major_version, 65'536);
}

TEST(DceRpcInterfaceTest, WhatFollowsIsIgnored) {
  EXPECT_TRUE(Parse(",1.0,ip.addr == 192.0.2.1").has_value());
  EXPECT_TRUE(Parse(",1.0x").has_value());
}

TEST(DceRpcInterfaceTest, AnythingElseIsRefused) {
  for (const char* rest : {"", ",", ",1", ",1.", ",.1", ",-1.0", ",1,0",
                           "0,1.0", ",1234567890.0", ",1.1234567890"}) {
    EXPECT_FALSE(Parse(rest).has_value()) << rest;
  }
  for (const char* argument :
       {"", "x", "12345778", "12345778-1234-abcd-ef00-0123456789a,1.0",
        "12345778-1234-abcd-ef00-0123456789ag,1.0",
        "1234577801234-abcd-ef00-0123456789ac,1.0"}) {
    EXPECT_FALSE(ParseDceRpcInterface(argument).has_value()) << argument;
  }
}

}  // namespace
}  // namespace dissectd::engine
