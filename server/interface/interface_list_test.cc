// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Capabilities = v1::GetInterfaceCapabilitiesResponse;

absl::StatusOr<Capabilities> Parse(absl::string_view out,
                                   bool monitor_mode = false) {
  Capabilities capabilities;
  const absl::Status status =
      ParseCapabilities(out, monitor_mode, "/usr/bin/dumpcap", &capabilities);
  if (!status.ok()) return status;
  return capabilities;
}

// As printed by dumpcap 4.0.17.
constexpr char kTable[] =
    "1. eth0\t\t\t0\t192.0.2.2,fd00::2,fe80::fc:ff:fe00:1\tnetwork\t\n"
    "2. any\t\t\t0\t\tnetwork\t\n"
    "3. lo\t\tLoopback\t0\t127.0.0.1,::1\tloopback\t\n"
    "10. bluetooth-monitor\t\t\t4\t\tnetwork\t\n";

TEST(InterfaceListTest, ReadsTheTable) {
  const auto interfaces = ParseInterfaceList(kTable);
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  ASSERT_EQ(interfaces->size(), 4u);
  const v1::Interface& eth0 = (*interfaces)[0];
  EXPECT_EQ(eth0.name(), "eth0");
  EXPECT_EQ(eth0.number(), 1u);
  EXPECT_EQ(eth0.type(), v1::INTERFACE_TYPE_WIRED);
  EXPECT_THAT(eth0.addresses(),
              ElementsAre("192.0.2.2", "fd00::2", "fe80::fc:ff:fe00:1"));
  EXPECT_FALSE(eth0.loopback());
  EXPECT_EQ((*interfaces)[1].name(), "any");
  EXPECT_THAT((*interfaces)[1].addresses(), IsEmpty());
  const v1::Interface& lo = (*interfaces)[2];
  EXPECT_EQ(lo.friendly_name(), "Loopback");
  EXPECT_EQ(lo.vendor_name(), "");
  EXPECT_THAT(lo.addresses(), ElementsAre("127.0.0.1", "::1"));
  EXPECT_TRUE(lo.loopback());
  const v1::Interface& bluetooth = (*interfaces)[3];
  EXPECT_EQ(bluetooth.number(), 10u);
  EXPECT_EQ(bluetooth.name(), "bluetooth-monitor");
  EXPECT_EQ(bluetooth.type(), v1::INTERFACE_TYPE_BLUETOOTH);
}

TEST(InterfaceListTest, NothingIsAnEmptyList) {
  const auto interfaces = ParseInterfaceList("");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  EXPECT_THAT(*interfaces, IsEmpty());
}

TEST(InterfaceListTest, NamesAndDescriptionsHaveBlanksAndDots) {
  const auto interfaces = ParseInterfaceList(
      "7. My Wi-Fi. 2\tIntel(R) Wi-Fi 6. \tWi-Fi 2\t5\t\tnetwork\t/x/y z\n");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  const v1::Interface& wifi = interfaces->at(0);
  EXPECT_EQ(wifi.name(), "My Wi-Fi. 2");
  EXPECT_EQ(wifi.vendor_name(), "Intel(R) Wi-Fi 6. ");
  EXPECT_EQ(wifi.friendly_name(), "Wi-Fi 2");
  EXPECT_EQ(wifi.type(), v1::INTERFACE_TYPE_WIRELESS);
  EXPECT_EQ(wifi.extcap(), "/x/y z");
}

TEST(InterfaceListTest, TabsInDescriptionsMoveNothingElse) {
  const auto interfaces =
      ParseInterfaceList("1. eth0\tA\tB\tC\tD\t9\t192.0.2.1\tloopback\t\n");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  const v1::Interface& eth0 = interfaces->at(0);
  EXPECT_EQ(eth0.vendor_name(), "A");
  EXPECT_EQ(eth0.friendly_name(), "B\tC\tD");
  EXPECT_EQ(eth0.type(), v1::INTERFACE_TYPE_VIRTUAL);
  EXPECT_THAT(eth0.addresses(), ElementsAre("192.0.2.1"));
  EXPECT_TRUE(eth0.loopback());
}

TEST(InterfaceListTest, ColumnsAfterTheTypeMayBeMissing) {
  const auto interfaces =
      ParseInterfaceList("1. eth0\t\t\t7\n2. lo\t\tL\t0\t::1\tloopback\n");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  EXPECT_EQ(interfaces->at(0).type(), v1::INTERFACE_TYPE_USB);
  EXPECT_FALSE(interfaces->at(0).loopback());
  EXPECT_TRUE(interfaces->at(1).loopback());
}

TEST(InterfaceListTest, AnUnknownTypeIsUnspecified) {
  const auto interfaces = ParseInterfaceList("1. x\t\t\t42\t\tnetwork\t\n");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  EXPECT_EQ(interfaces->at(0).type(), v1::INTERFACE_TYPE_UNSPECIFIED);
}

TEST(InterfaceListTest, TextIsMadeValidUtf8) {
  const auto interfaces = ParseInterfaceList("1. x\xff\t\t\xfe\t0\t\t\t\n");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  EXPECT_EQ(interfaces->at(0).name(), "x\xef\xbf\xbd");
  EXPECT_EQ(interfaces->at(0).friendly_name(), "\xef\xbf\xbd");
}

TEST(InterfaceListTest, OtherTextIsAProtocolError) {
  for (const char* out : {
           "eth0\t\t\t0\t\tnetwork\t\n",         // no number
           "x. eth0\t\t\t0\t\tnetwork\t\n",      // not a number
           "1. \t\t\t0\t\tnetwork\t\n",          // no name
           "1. eth0\t\t\n",                      // no type
           "1. eth0\t\t\twired\t\tnetwork\t\n",  // not a type
           "1. eth0\t\t\t0\t\tnetw",             // cut
           "1. eth0\t\t\t0\t\tnetwork\t\n\n",    // an empty line
           "[{\"lo\":{}",                        // JSON that is cut
           "[1]",
           "[{\"lo\":{},\"eth0\":{}}]",
           "[{\"lo\":3}]",
       }) {
    const auto interfaces = ParseInterfaceList(out);
    EXPECT_EQ(interfaces.status().code(), absl::StatusCode::kInternal) << out;
  }
}

TEST(InterfaceListTest, ReadsJson) {
  const auto interfaces = ParseInterfaceList(R"js([
      {"eth0": {"friendly_name": null, "vendor_description": "Realtek",
                "type": 0, "addrs": ["192.0.2.2", "fd00::2"],
                "loopback": false, "extcap": ""}},
      {"any": {"friendly_name": null, "vendor_description": null,
               "type": 9, "addrs": [], "loopback": false, "extcap": ""}},
      {"lo": {"friendly_name": "Loopback", "type": 10, "addrs": ["::1"],
              "loopback": true}}])js");
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  ASSERT_EQ(interfaces->size(), 3u);
  const v1::Interface& eth0 = (*interfaces)[0];
  EXPECT_EQ(eth0.name(), "eth0");
  EXPECT_EQ(eth0.number(), 1u);
  EXPECT_EQ(eth0.vendor_name(), "Realtek");
  EXPECT_EQ(eth0.friendly_name(), "");
  EXPECT_EQ(eth0.type(), v1::INTERFACE_TYPE_WIRED);
  EXPECT_THAT(eth0.addresses(), ElementsAre("192.0.2.2", "fd00::2"));
  EXPECT_EQ((*interfaces)[1].number(), 2u);
  EXPECT_EQ((*interfaces)[1].type(), v1::INTERFACE_TYPE_VIRTUAL);
  EXPECT_EQ((*interfaces)[2].friendly_name(), "Loopback");
  EXPECT_TRUE((*interfaces)[2].loopback());
}

TEST(CapabilitiesTest, ReadsTheTable) {
  const auto capabilities = Parse(
      "0\n113\tLINUX_SLL\tLinux cooked v1\n276\tLINUX_SLL2\tLinux cooked v2\n"
      "\nhost\tHost\nadapter_unsynced\t(none)\n");
  ASSERT_TRUE(capabilities.ok()) << capabilities.status();
  EXPECT_FALSE(capabilities->can_monitor());
  ASSERT_EQ(capabilities->link_types_size(), 2);
  EXPECT_EQ(capabilities->link_types(0).number(), 113);
  EXPECT_EQ(capabilities->link_types(0).name(), "LINUX_SLL");
  EXPECT_EQ(capabilities->link_types(1).description(), "Linux cooked v2");
  ASSERT_EQ(capabilities->timestamp_types_size(), 2);
  EXPECT_EQ(capabilities->timestamp_types(0).name(), "host");
  EXPECT_EQ(capabilities->timestamp_types(0).description(), "Host");
  EXPECT_EQ(capabilities->timestamp_types(1).name(), "adapter_unsynced");
  EXPECT_EQ(capabilities->timestamp_types(1).description(), "");
}

TEST(CapabilitiesTest, TheListOfTimestampTypesMayBeEmpty) {
  for (const char* out : {"1\n127\tIEEE802_11_RADIO\t(not supported)\n\n",
                          "1\n127\tIEEE802_11_RADIO\n"}) {
    const auto capabilities = Parse(out);
    ASSERT_TRUE(capabilities.ok()) << capabilities.status();
    EXPECT_TRUE(capabilities->can_monitor());
    ASSERT_EQ(capabilities->link_types_size(), 1);
    EXPECT_EQ(capabilities->link_types(0).name(), "IEEE802_11_RADIO");
    EXPECT_EQ(capabilities->link_types(0).description(), "");
    EXPECT_EQ(capabilities->timestamp_types_size(), 0);
  }
}

TEST(CapabilitiesTest, OtherTextIsAProtocolError) {
  for (const char* out : {
           "",
           "2\n1\tEN10MB\tEthernet\n\n",
           "1\tEN10MB\tEthernet\n\n",
           "0\nEN10MB\tEthernet\n\n",
           "0\n1\n\n",
           "0\n1\tEN10MB\tEthernet\n\nhost\tHo",
           "0\n1\tEN10MB\tEthernet\n\n\tHost\n",
           "[]",
           "[{\"lo\": {\"data_link_types\": [{\"dlt\": 1}]}}]",
           "[{\"lo\": {\"data_link_types\": [7]}}]",
       }) {
    EXPECT_EQ(Parse(out).status().code(), absl::StatusCode::kInternal) << out;
  }
}

constexpr char kMonitor[] = R"js([{"wlan0": {
    "status": 0, "rfmon": true,
    "data_link_types": [
        {"dlt": 1, "name": "EN10MB", "description": "Ethernet"}],
    "data_link_types_rfmon": [
        {"dlt": 127, "name": "IEEE802_11_RADIO",
         "description": "802.11 plus radiotap header"}],
    "timestamp_types": [{"name": "host", "description": "Host"}]}}])js";

TEST(CapabilitiesTest, ReadsJsonOfTheModeThatWasAskedFor) {
  const auto normal = Parse(kMonitor);
  ASSERT_TRUE(normal.ok()) << normal.status();
  EXPECT_TRUE(normal->can_monitor());
  ASSERT_EQ(normal->link_types_size(), 1);
  EXPECT_EQ(normal->link_types(0).number(), 1);
  EXPECT_EQ(normal->link_types(0).name(), "EN10MB");
  ASSERT_EQ(normal->timestamp_types_size(), 1);
  EXPECT_EQ(normal->timestamp_types(0).description(), "Host");
  const auto monitor = Parse(kMonitor, /*monitor_mode=*/true);
  ASSERT_TRUE(monitor.ok()) << monitor.status();
  ASSERT_EQ(monitor->link_types_size(), 1);
  EXPECT_EQ(monitor->link_types(0).number(), 127);
}

TEST(CapabilitiesTest, JsonMayTellAnError) {
  const auto capabilities = Parse(
      R"js([{"nope": {"status": 1, "primary_msg":
          "The capabilities of the capture device \"nope\" could not be obtained (pcap_activate() failed: No such device exists)"}}])js");
  EXPECT_EQ(capabilities.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(capabilities.status().message()),
              HasSubstr("\"nope\""));
}

TEST(CapabilitiesTest, JsonMayTellAWarning) {
  const auto capabilities = Parse(
      R"js([{"lo": {"status": 8, "primary_msg": "x", "rfmon": false,
          "data_link_types": [{"dlt": 1, "name": "EN10MB"}]}}])js");
  ASSERT_TRUE(capabilities.ok()) << capabilities.status();
  EXPECT_EQ(capabilities->link_types_size(), 1);
}

}  // namespace
}  // namespace dissectd::server
