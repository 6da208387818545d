// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/share_key.h"

#include <gtest/gtest.h>

namespace dissectd::server {
namespace {

TEST(ShareKeyTest, ThePortDoesNotCount) {
  EXPECT_EQ(ShareKeyOf("ipv4:192.0.2.1:50000"), "ipv4:192.0.2.1");
  EXPECT_EQ(ShareKeyOf("ipv4:192.0.2.1:50001"), "ipv4:192.0.2.1");
}

TEST(ShareKeyTest, ANetworkOfIpv6IsOneHost) {
  EXPECT_EQ(ShareKeyOf("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:50000"),
            "ipv6:2001:db8:1:2::/64");
  EXPECT_EQ(ShareKeyOf("ipv6:[2001:db8:1:2::9]:7"), "ipv6:2001:db8:1:2::/64");
  EXPECT_EQ(ShareKeyOf("ipv6:%5B2001:db8:1:3::9%5D:7"),
            "ipv6:2001:db8:1:3::/64");
  EXPECT_EQ(ShareKeyOf("ipv6:%5B::1%5D:7"), "ipv6:::/64");
}

TEST(ShareKeyTest, AnAddressOfIpv4InIpv6IsTheSameHost) {
  EXPECT_EQ(ShareKeyOf("ipv6:%5B::ffff:192.0.2.1%5D:7"), "ipv4:192.0.2.1");
}

TEST(ShareKeyTest, TheInterfaceOfALinkLocalAddressDoesNotCount) {
  EXPECT_EQ(ShareKeyOf("ipv6:%5Bfe80::1%25eth0%5D:7"), "ipv6:fe80::/64");
}

TEST(ShareKeyTest, UnixSocketsHaveOneKey) {
  EXPECT_EQ(ShareKeyOf("fd:7"), "unix:");
  EXPECT_EQ(ShareKeyOf("unix:"), "unix:");
}

}  // namespace
}  // namespace dissectd::server
