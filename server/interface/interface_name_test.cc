// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_name.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

TEST(InterfaceNameTest, InterfacesPass) {
  for (const char* name :
       {"lo", "eth0", "any", "dbus-system", "eth0.100", "0x1", "1a", "Wi-Fi 2",
        "TCP", "veth@if3", "wlp3s0\xc3\xa9"}) {
    EXPECT_TRUE(CheckInterfaceName(name).ok()) << name;
  }
}

TEST(InterfaceNameTest, WhatDumpcapTakesForSomethingElseIsNotFound) {
  for (const char* name :
       {"", "-", "-D", "TCP@127.0.0.1:19000", "rpcap://host/eth0", "1", "01",
        "+1", " 1", " +1", "99999999999999999999", "eth0\n", "\x7f", "a\tb",
        "tmp/pipe", "../pipe", "eth0/"}) {
    EXPECT_EQ(CheckInterfaceName(name).code(), absl::StatusCode::kNotFound)
        << name;
  }
  for (const std::string& name :
       {std::string("lo\0", 3), std::string(256, 'x')}) {
    EXPECT_EQ(CheckInterfaceName(name).code(), absl::StatusCode::kNotFound);
  }
}

}  // namespace
}  // namespace dissectd::server
