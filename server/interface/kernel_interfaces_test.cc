// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/kernel_interfaces.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <memory>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

constexpr char kHeader[] =
    "Inter-|   Receive                                                |  "
    "Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes "
    "   packets errs drop fifo colls carrier compressed\n";

TEST(NetDevTest, ReadsCounters) {
  const auto interfaces = ParseNetDev(absl::StrCat(
      kHeader,
      "    lo:  165654     877    0    0    0     0          0         0   "
      "165654     877    0    0    0     0       0          0\n"
      "veth@if3:18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"));
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  ASSERT_EQ(interfaces->size(), 2u);
  EXPECT_EQ(interfaces->at("lo").counters.received_bytes(), 165654u);
  EXPECT_EQ(interfaces->at("lo").counters.sent_packets(), 877u);
  const v1::KernelCounters& veth = interfaces->at("veth@if3").counters;
  EXPECT_EQ(veth.received_bytes(), 18446744073709551615u);
  EXPECT_EQ(veth.received_packets(), 2u);
  EXPECT_EQ(veth.received_errors(), 3u);
  EXPECT_EQ(veth.received_dropped(), 4u);
  EXPECT_EQ(veth.sent_bytes(), 9u);
  EXPECT_EQ(veth.sent_packets(), 10u);
  EXPECT_EQ(veth.sent_errors(), 11u);
  EXPECT_EQ(veth.sent_dropped(), 12u);
}

TEST(NetDevTest, OtherTextIsAnError) {
  for (const char* line :
       {"lo 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n", "lo: 1 2 3\n",
        ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
        "lo: 1 2 3 4 5 6 x 8 9 10 11 12 13 14 15 16\n"}) {
    EXPECT_FALSE(ParseNetDev(absl::StrCat(kHeader, line)).ok()) << line;
  }
}

TEST(KernelInterfacesTest, AreThoseThatTheKernelNames) {
  const auto interfaces = ReadKernelInterfaces();
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> named(
      if_nameindex(), if_freenameindex);
  ASSERT_NE(named, nullptr);
  size_t count = 0;
  for (const struct if_nameindex* entry = named.get(); entry->if_index != 0;
       ++entry, ++count) {
    const auto interface = interfaces->find(entry->if_name);
    ASSERT_NE(interface, interfaces->end()) << entry->if_name;
    EXPECT_EQ(interface->second.index, static_cast<int>(entry->if_index));
  }
  EXPECT_EQ(interfaces->size(), count);
}

}  // namespace
}  // namespace dissectd::server
