// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_argument.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::engine {
namespace {

std::string ErrorOf(const std::string& text, bool has_sub_streams = false) {
  const auto parsed = ParseFollowArgument(text, has_sub_streams);
  return parsed.ok() ? "" : std::string(parsed.status().message());
}

TEST(FollowArgumentTest, ANumberSelectsAStream) {
  const auto parsed = ParseFollowArgument(",hex,7", false);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->mode, FollowMode::kHex);
  EXPECT_EQ(parsed->stream, 7);
  EXPECT_FALSE(parsed->sub_stream.has_value());
  EXPECT_EQ(parsed->first, 1);
  EXPECT_EQ(parsed->last, 0xffffffff);
}

TEST(FollowArgumentTest, TheSecondNumberIsARangeUnlessThereAreSubStreams) {
  const auto plain = ParseFollowArgument(",yaml,7,2", false);
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->first, 2);
  EXPECT_EQ(plain->last, 2);
  const auto nested = ParseFollowArgument(",yaml,7,2,3-4", true);
  ASSERT_TRUE(nested.ok());
  EXPECT_EQ(nested->sub_stream, 2);
  EXPECT_EQ(nested->first, 3);
  EXPECT_EQ(nested->last, 4);
}

TEST(FollowArgumentTest, EndpointsSelectAStream) {
  const auto parsed =
      ParseFollowArgument(",raw,192.0.2.1:80,192.0.2.2:81,2-3", false);
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed->stream.has_value());
  EXPECT_EQ(parsed->endpoints[0].port, 80);
  EXPECT_EQ(parsed->endpoints[1].address[3], 2);
  EXPECT_EQ(parsed->last, 3);
  const auto ipv6 =
      ParseFollowArgument(",raw,[2001:db8::1]:80,[::1]:81", false);
  ASSERT_TRUE(ipv6.ok());
  EXPECT_TRUE(ipv6->endpoints[0].is_ipv6);
  EXPECT_EQ(ipv6->endpoints[1].address[15], 1);
}

TEST(FollowArgumentTest, ErrorsAreThoseOfTshark) {
  EXPECT_EQ(ErrorOf(""), "follow - Invalid display mode.");
  EXPECT_EQ(ErrorOf(",HEX,0"), "follow - Invalid display mode.");
  EXPECT_EQ(ErrorOf(",hex,x"), "follow - Invalid address.");
  EXPECT_EQ(ErrorOf(",hex,1.2.3.4:1"), "follow - Invalid address.");
  EXPECT_EQ(ErrorOf(",hex,1.2.3.4:65536,1.2.3.4:1"), "follow - Invalid port.");
  EXPECT_EQ(ErrorOf(",hex,localhost:1,1.2.3.4:1"),
            "follow - Can't get IPv4 address");
  EXPECT_EQ(ErrorOf(",hex,[::1:5,[::2]:6"), "follow - Can't get IPv6 address");
  EXPECT_EQ(ErrorOf(",hex,[::1]:1,1.2.3.4:1"),
            "follow - Mismatched IP address types.");
  EXPECT_EQ(ErrorOf(",hex,0,"), "follow - Invalid range.");
  EXPECT_EQ(ErrorOf(",hex,0,3-2"), "follow - Invalid range value.");
  EXPECT_EQ(ErrorOf(",hex,0,0"), "follow - Invalid range value.");
  EXPECT_EQ(ErrorOf(",hex,0,1-2,3"), "follow - Invalid parameter.");
  EXPECT_EQ(ErrorOf(",hex,0,1,2"), "follow - Invalid parameter.");
  EXPECT_EQ(ErrorOf(",hex,0,1,2", true), "");
}

}  // namespace
}  // namespace dissectd::engine
