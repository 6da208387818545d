// SPDX-License-Identifier: GPL-2.0-or-later

// Compiles the filters of roles with the real capture-filter-compiler.

#include "server/policy/role_filters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dissectd::server {
namespace {

using ::testing::HasSubstr;

constexpr char kCompiler[] = "server/capture_filter/capture-filter-compiler";

absl::Status Check(const std::string& filter,
                   const std::string& compiler = kCompiler) {
  Role any;
  any.name = "any";
  Role filtered;
  filtered.name = "web";
  filtered.capture_filter = filter;
  return CheckCaptureFilters(Policy({any, filtered}, {}), compiler);
}

TEST(RoleFiltersTest, AFilterMayBeForOneLinkTypeOnly) {
  for (const char* filter :
       {"tcp port 80", "vlan 7 and ether host 00:11:22:33:44:55",
        "wlan type mgt", "link[0] = 7 or ip", "vpi 3", "sio 5",
        "action pass"}) {
    EXPECT_TRUE(Check(filter).ok()) << Check(filter);
  }
}

TEST(RoleFiltersTest, AWrongFilterIsAnErrorThatNamesItsRole) {
  const absl::Status status = Check("tcp prot 80");
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("roles.web.capture_filter \"tcp prot 80\" isn't a "
                        "capture filter: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("syntax error"));
  // Display filters are taken for capture filters.
  EXPECT_FALSE(Check("tcp.port == 80").ok());
  EXPECT_FALSE(Check("host no-such-host.invalid").ok());
}

// The filter is checked again when a capture starts, but a policy that isn't
// used might not revoke what it should.
TEST(RoleFiltersTest, AFilterThatCannotBeCheckedIsNoError) {
  EXPECT_TRUE(Check("tcp prot 80", "/nowhere").ok());
  EXPECT_TRUE(Check("tcp prot 80", "/bin/false").ok());
}

}  // namespace
}  // namespace dissectd::server
