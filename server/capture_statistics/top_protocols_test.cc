// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_statistics/top_protocols.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dissectd::server {
namespace {

void Add(const std::string& name, uint64_t packets, uint64_t bytes,
         v1::CaptureCounts* counts) {
  v1::ProtocolCount* count = counts->add_protocols();
  count->set_name(name);
  count->set_packets(packets);
  count->set_bytes(bytes);
}

std::vector<std::string> NamesOf(const v1::CaptureCounts& counts) {
  std::vector<std::string> names;
  for (const v1::ProtocolCount& count : counts.protocols()) {
    names.push_back(count.name());
  }
  return names;
}

TEST(TopProtocolsTest, KeepsThoseWithMostPacketsAndThoseWithMostBytes) {
  v1::CaptureCounts counts;
  Add("dns", 50, 500, &counts);
  Add("tls", 3, 9'000, &counts);
  Add("arp", 4, 160, &counts);
  Add("udp", 50, 600, &counts);
  KeepTopProtocols(1, &counts);
  EXPECT_EQ(NamesOf(counts), (std::vector<std::string>{"udp", "tls"}));
}

TEST(TopProtocolsTest, KeepsAllIfThereAreFewer) {
  v1::CaptureCounts counts;
  Add("b", 1, 1, &counts);
  Add("a", 1, 1, &counts);
  KeepTopProtocols(10, &counts);
  EXPECT_EQ(NamesOf(counts), (std::vector<std::string>{"a", "b"}));
  v1::CaptureCounts none;
  KeepTopProtocols(10, &none);
  EXPECT_EQ(none.protocols_size(), 0);
}

TEST(TopProtocolsTest, AddsCountsByProtocol) {
  v1::CaptureCounts counts;
  counts.set_packets(10);
  counts.set_bytes(1'000);
  Add("ip", 10, 1'000, &counts);
  Add("dns", 4, 300, &counts);
  v1::CaptureCounts more;
  more.set_packets(5);
  more.set_bytes(700);
  more.set_dropped(2);
  Add("ip", 5, 700, &more);
  Add("tcp", 5, 700, &more);
  AddCounts(more, &counts);
  EXPECT_EQ(counts.packets(), 15u);
  EXPECT_EQ(counts.bytes(), 1'700u);
  EXPECT_EQ(counts.dropped(), 2u);
  ASSERT_EQ(NamesOf(counts), (std::vector<std::string>{"ip", "dns", "tcp"}));
  EXPECT_EQ(counts.protocols(0).packets(), 15u);
  EXPECT_EQ(counts.protocols(0).bytes(), 1'700u);
  EXPECT_EQ(counts.protocols(1).packets(), 4u);
  EXPECT_EQ(counts.protocols(2).packets(), 5u);
}

}  // namespace
}  // namespace dissectd::server
