// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/proxied_caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/identity_errors.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Returns the id of the caller, or the detail of the error.
std::string CallerOf(const NamedCaller& named) {
  const absl::StatusOr<Principal> caller = ProxiedCaller(named);
  if (caller.ok()) return caller->id;
  EXPECT_TRUE(absl::IsUnauthenticated(caller.status())) << caller.status();
  return IdentityDetail(caller.status());
}

TEST(ProxiedCallerTest, TheCallerHasTheNameAndGroupsThatTheProxySays) {
  const auto alice = ProxiedCaller({{"jwt:alice"}, {"analysts,lab"}});
  ASSERT_TRUE(alice.ok()) << alice.status();
  EXPECT_EQ(alice->id, "proxy:jwt:alice");
  EXPECT_EQ(alice->authentication, Authentication::kProxy);
  EXPECT_THAT(alice->groups, ElementsAre("analysts", "lab"));
  const auto bob = ProxiedCaller({{"certificate:spiffe://lab/bob"}, {}});
  ASSERT_TRUE(bob.ok()) << bob.status();
  EXPECT_EQ(bob->id, "proxy:certificate:spiffe://lab/bob");
  EXPECT_THAT(bob->groups, IsEmpty());
}

TEST(ProxiedCallerTest, NoNameIsThatOfACallerWhomTheDaemonIdentifiesItself) {
  EXPECT_EQ(CallerOf({{"token:alice"}, {}}), "proxy:token:alice");
  EXPECT_EQ(CallerOf({{"unix:0"}, {}}), "proxy:unix:0");
  EXPECT_EQ(CallerOf({{"group:admin"}, {}}), "proxy:group:admin");
  EXPECT_EQ(CallerOf({{"anonymous"}, {}}), "proxy:anonymous");
  EXPECT_EQ(CallerOf({{"*"}, {}}), "proxy:*");
}

TEST(ProxiedCallerTest, AProxyThatNamesNobodyIsNobody) {
  EXPECT_EQ(CallerOf({{}, {}}), "proxy_names_nobody");
  EXPECT_EQ(CallerOf({{}, {"admin"}}), "proxy_names_nobody");
}

TEST(ProxiedCallerTest, AnOddNameIsRefused) {
  using std::string_literals::operator""s;
  const std::string longest(255, 'a');
  EXPECT_EQ(CallerOf({{longest}, {}}), "proxy:" + longest);
  for (const std::string& name :
       {""s, " "s, "alice "s, " alice"s, "alice smith"s, "alice,bob"s, ","s,
        "alice,"s, "a\0b"s, "a\nb"s, "a\tb"s, "a\x7f"s, "\xc3\xa4"s, "\xff"s,
        longest + "a"}) {
    EXPECT_EQ(CallerOf({{name}, {}}), "proxy_name_invalid") << name;
  }
}

TEST(ProxiedCallerTest, TwoNamesAreRefused) {
  EXPECT_EQ(CallerOf({{"alice", "bob"}, {}}), "proxy_name_invalid");
  EXPECT_EQ(CallerOf({{"alice", "alice"}, {}}), "proxy_name_invalid");
  EXPECT_EQ(CallerOf({{"alice", ""}, {}}), "proxy_name_invalid");
}

TEST(ProxiedCallerTest, OddGroupsAreRefused) {
  using std::string_literals::operator""s;
  for (const std::string& groups :
       {""s, ","s, "lab,"s, ",lab"s, "lab,,admin"s, "lab, admin"s, " lab"s,
        "a\0b"s, "a\nb"s, "\xc3\xa4"s, std::string(256, 'a')}) {
    EXPECT_EQ(CallerOf({{"alice"}, {groups}}), "proxy_groups_invalid")
        << groups;
  }
  EXPECT_EQ(CallerOf({{"alice"}, {"lab", "admin"}}), "proxy_groups_invalid");
}

// Returns the error of the option; empty if there is none.
std::string ErrorOf(const std::string& proxy, bool certificates,
                    bool unix_users) {
  IdentityConfig config;
  config.trusted_proxies = {proxy};
  config.certificates = certificates;
  config.unix_users = unix_users;
  return std::string(TrustedProxies(config).status().message());
}

TEST(TrustedProxiesTest, TheDaemonMustBeAbleToIdentifyThem) {
  EXPECT_EQ(ErrorOf("certificate:edge.example", true, false), "");
  EXPECT_EQ(ErrorOf("unix:101", false, true), "");
  EXPECT_EQ(
      ErrorOf("certificate:edge.example", false, true),
      "--trusted-proxy=certificate:edge.example needs --identify-certificates");
  EXPECT_EQ(ErrorOf("unix:101", true, false),
            "--trusted-proxy=unix:101 needs --identify-unix-users");
}

TEST(TrustedProxiesTest, NothingElseCanBeAProxy) {
  for (const char* proxy : {"", "*", "edge", "token:edge", "jwt:edge",
                            "proxy:edge", "group:edges", "anonymous"}) {
    EXPECT_THAT(ErrorOf(proxy, true, true),
                HasSubstr("neither certificate:NAME nor unix:UID"));
  }
  for (const char* proxy :
       {"unix:", "unix:www-data", "unix:01", "unix:-1", "unix:99999999999"}) {
    EXPECT_THAT(ErrorOf(proxy, true, true), HasSubstr("id -u")) << proxy;
  }
  EXPECT_THAT(ErrorOf("certificate:", true, true), HasSubstr("plain name"));
  EXPECT_THAT(ErrorOf("certificate:CN=edge, O=lab", true, true),
              HasSubstr("plain name"));
}

}  // namespace
}  // namespace dissectd::server
