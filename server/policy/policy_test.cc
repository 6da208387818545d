// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/policy/permissions.h"
#include "server/policy/policy_parser.h"
#include "server/policy/testing/identified.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kRead[] = "dissectd.v1.FileService/ReadFile";
constexpr char kCreate[] = "dissectd.v1.CaptureService/CreateCapture";

// Returns a policy with one role of this content, which everyone has.
Policy WithRole(const std::string& role) {
  absl::StatusOr<Policy> policy = ParsePolicy(absl::StrCat(
      R"({"roles": {"r": )", role,
      R"(}, "bindings": [{"principals": ["*"], "roles": ["r"]}]})"));
  EXPECT_TRUE(policy.ok()) << policy.status();
  return *policy;
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<Policy> policy = ParsePolicy(text);
  EXPECT_FALSE(policy.ok());
  return std::string(policy.status().message());
}

std::string ErrorOfRole(const std::string& role) {
  return ErrorOf(
      absl::StrCat(R"({"roles": {"r": )", role, R"(}, "bindings": []})"));
}

Policy Shipped(const std::string& name) {
  std::ifstream file("deploy/policy/" + name);
  std::stringstream text;
  text << file.rdbuf();
  absl::StatusOr<Policy> policy = ParsePolicy(text.str());
  EXPECT_TRUE(policy.ok()) << name << ": " << policy.status();
  return *policy;
}

TEST(PolicyTest, DeniesWhatNoRolePermits) {
  const Policy policy = WithRole(R"({"permissions": ["files.read"]})");
  const Principal alice = Identified("token:alice");
  EXPECT_TRUE(policy.Permits({alice, kRead}, permissions::kFilesRead));
  EXPECT_FALSE(policy.Permits({alice, kRead}, permissions::kFilesReadAny));
  EXPECT_FALSE(policy.Permits({alice, kRead}, permissions::kFilesWrite));
  EXPECT_FALSE(policy.PermitsPath({alice, kRead}, "files.read", "a.pcap"));
  EXPECT_FALSE(policy.PermitsInterface({alice, kRead}, "files.read", "lo"));
}

TEST(PolicyTest, GivesNothingToCallersThatAreNotIdentified) {
  const Policy policy = WithRole(R"({"permissions": ["*"]})");
  EXPECT_FALSE(policy.Permits({Principal(), kRead}, permissions::kFilesRead));
}

TEST(PolicyTest, BindsPrincipalsAndGroups) {
  const absl::StatusOr<Policy> policy = ParsePolicy(R"({
    "roles": {"a": {"permissions": ["dissect"]},
              "b": {"permissions": ["files.*"]}},
    "bindings": [{"principals": ["token:alice", "group:lab"], "roles": ["a"]},
                 {"principals": ["token:alice"], "roles": ["b"]}]})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto roles = [&](const Principal& principal) {
    std::vector<std::string> names;
    for (const Role* role : policy->RolesOf(principal)) {
      names.push_back(role->name);
    }
    return names;
  };
  EXPECT_THAT(roles(Identified("token:alice")), ElementsAre("a", "b"));
  EXPECT_THAT(roles(Identified("unix:1", {"lab"})), ElementsAre("a"));
  EXPECT_THAT(roles(Identified("jwt:alice")), IsEmpty());
  EXPECT_THAT(roles(Identified("group:lab")), IsEmpty());
}

TEST(PolicyTest, PathsAreFilesAndFolders) {
  const Policy policy =
      WithRole(R"({"permissions": ["files.read"], "paths": ["lab", "a/b/"]})");
  const Principal alice = Identified("token:alice");
  const auto permits = [&](const char* path) {
    return policy.PermitsPath({alice, kRead}, "files.read", path);
  };
  EXPECT_TRUE(permits("lab"));
  EXPECT_TRUE(permits("lab/x.pcap"));
  EXPECT_TRUE(permits("a/b/c/x.pcap"));
  EXPECT_FALSE(permits("laboratory/x.pcap"));
  EXPECT_FALSE(permits("a/x.pcap"));
  EXPECT_FALSE(permits("other/lab/x.pcap"));
}

TEST(PolicyTest, ARoleCanBeForSomeMethodsOnly) {
  const Policy policy = WithRole(
      R"({"permissions": ["*"], "paths": ["*"],
          "methods": ["dissectd.v1.FileService/*"]})");
  const Principal alice = Identified("token:alice");
  EXPECT_TRUE(policy.Permits({alice, kRead}, permissions::kFilesRead));
  EXPECT_FALSE(policy.PermitsPath(
      {alice, "dissectd.v1.DissectionService/Dissect"}, "files.read", "a"));
}

TEST(PolicyTest, CaptureFiltersOfSeveralRolesAddUp) {
  const absl::StatusOr<Policy> policy = ParsePolicy(R"({
    "roles": {
      "web": {"permissions": ["captures.create"], "interfaces": ["eth*"],
              "capture_filter": "tcp port 80"},
      "dns": {"permissions": ["captures.create"], "interfaces": ["eth0"],
              "capture_filter": "udp port 53"},
      "all": {"permissions": ["captures.create"], "interfaces": ["lo"]}},
    "bindings": [{"principals": ["token:alice"], "roles": ["web", "dns"]},
                 {"principals": ["token:bob"], "roles": ["web", "all"]}]})");
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Principal alice = Identified("token:alice");
  const Principal bob = Identified("token:bob");
  EXPECT_THAT(policy->CaptureFilters({alice, kCreate}, "eth0"),
              ElementsAre("udp port 53", "tcp port 80"));
  EXPECT_THAT(policy->CaptureFilters({alice, kCreate}, "eth1"),
              ElementsAre("tcp port 80"));
  EXPECT_THAT(policy->CaptureFilters({bob, kCreate}, "lo"), IsEmpty());
  EXPECT_FALSE(
      policy->PermitsInterface({alice, kCreate}, "captures.create", "lo"));
}

TEST(PolicyTest, MatchesPatterns) {
  EXPECT_TRUE(MatchesPattern("*", ""));
  EXPECT_TRUE(MatchesPattern("files.*", "files.read.any"));
  EXPECT_TRUE(MatchesPattern("*.any", "files.read.any"));
  EXPECT_TRUE(MatchesPattern("a*b*c", "axxbxbxc"));
  EXPECT_FALSE(MatchesPattern("files.*", "files"));
  EXPECT_FALSE(MatchesPattern("a*b", "ab0"));
  EXPECT_FALSE(MatchesPattern("", "a"));
}

TEST(PolicyParserTest, NamesThePlaceOfEachMistake) {
  EXPECT_EQ(ErrorOf("{\n  \"roles\": {},\n}"),
            "it isn't valid JSON: line 3, column 1: syntax error while parsing "
            "object key - unexpected '}'; expected string literal");
  EXPECT_THAT(ErrorOf("{"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("it isn't a JSON object"));
  EXPECT_THAT(ErrorOf(std::string(400, '4')), HasSubstr("number overflow"));
  EXPECT_THAT(ErrorOf("{}"), HasSubstr("roles is missing"));
  EXPECT_THAT(ErrorOf(R"({"roles": {}})"), HasSubstr("bindings is missing"));
  EXPECT_THAT(ErrorOf(R"({"roles": {}, "bindings": [], "role": 1})"),
              HasSubstr("the policy has an unknown key \"role\"; there are "
                        "roles, bindings"));
  EXPECT_THAT(ErrorOf(R"({"roles": {}, "roles": {}, "bindings": []})"),
              HasSubstr("\"roles\" occurs twice"));
  EXPECT_THAT(ErrorOf(R"({"roles": {}, "bindings": [
                          {"principals": ["*"], "roles": ["x"]}]})"),
              HasSubstr("bindings[0].roles names a role \"x\""));
  EXPECT_THAT(ErrorOf(R"({"roles": {}, "bindings": [{"roles": ["x"]}]})"),
              HasSubstr("bindings[0].principals is missing"));
}

TEST(PolicyParserTest, NamesThePlaceOfEachMistakeInARole) {
  EXPECT_THAT(ErrorOfRole("{}"), HasSubstr("roles.r.permissions is missing"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["dissect", "files.raed"]})"),
              HasSubstr("roles.r.permissions[1] \"files.raed\" matches no"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": "*"})"),
              HasSubstr("roles.r.permissions isn't a list"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": [1]})"),
              HasSubstr("roles.r.permissions[0] isn't a text"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["*"], "methods": ["GetFile"]})"),
              HasSubstr("roles.r.methods[0] \"GetFile\" matches no method"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["*"], "methods": []})"),
              HasSubstr("roles.r.methods is empty"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["*"], "paths": ["/srv"]})"),
              HasSubstr("roles.r.paths[0]"));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["*"], "path": ["a"]})"),
              HasSubstr("roles.r has an unknown key \"path\""));
  EXPECT_THAT(ErrorOfRole(R"({"permissions": ["*"], "capture_filter": ""})"),
              HasSubstr("roles.r.capture_filter is empty"));
}

TEST(PolicyParserTest, APrincipalHasAKind) {
  const auto error_of = [](const std::string& principal) {
    return ErrorOf(absl::StrCat(
        R"({"roles": {"r": {"permissions": ["*"]}}, "bindings": [)",
        R"({"principals": ["*", ")", principal, R"("], "roles": ["r"]}]})"));
  };
  EXPECT_EQ(error_of("alice"),
            "bindings[0].principals[1] \"alice\" has no kind; write "
            "token:NAME, jwt:SUBJECT, certificate:NAME, unix:UID, proxy:NAME, "
            "group:NAME, or * for every caller");
  for (const char* wrong : {"Token:alice", "user:alice", "anonymous", ":a"}) {
    EXPECT_THAT(error_of(wrong), HasSubstr("has no kind")) << wrong;
  }
  EXPECT_THAT(error_of("token:"), HasSubstr("no name after \"token:\""));
  EXPECT_THAT(error_of("group:"), HasSubstr("no name after \"group:\""));
  EXPECT_THAT(error_of("proxy:jwt:*"), HasSubstr("only \"*\" alone"));
  EXPECT_THAT(error_of("token:*"), HasSubstr("only \"*\" alone"));
  EXPECT_THAT(error_of("unix:alice"), HasSubstr("id -u"));
  EXPECT_THAT(error_of("unix:01"), HasSubstr("id -u"));
  EXPECT_THAT(error_of("certificate:CN=a, O=b"), HasSubstr("blanks"));
}

TEST(PolicyParserTest, TakesDeepTexts) {
  EXPECT_NE(ErrorOf(std::string(1 << 20, '[')), "");
  EXPECT_NE(ErrorOf(std::string(1 << 19, '[') + std::string(1 << 19, ']')), "");
}

TEST(ShippedPolicyTest, RolesHaveWhatTheirNamesSay) {
  const Policy policy = Shipped("roles.json");
  const auto may = [&](const char* group, absl::string_view permission) {
    return policy.Permits({Identified("token:x", {group}), kRead}, permission);
  };
  EXPECT_TRUE(may("viewers", permissions::kDissect));
  EXPECT_FALSE(may("viewers", permissions::kFilesWrite));
  EXPECT_TRUE(may("analysts", permissions::kFilesWrite));
  EXPECT_FALSE(may("analysts", permissions::kCapturesCreate));
  EXPECT_TRUE(may("capturers", permissions::kCapturesCreate));
  EXPECT_FALSE(may("capturers", permissions::kFilesWrite));
  for (const absl::string_view permission : permissions::All()) {
    EXPECT_TRUE(may("admins", permission));
    EXPECT_FALSE(may("nobody", permission));
  }
  EXPECT_THAT(policy.CaptureFilters(
                  {Identified("token:x", {"capturers"}), kCreate}, "eth0"),
              ElementsAre("not tcp port 22"));
}

TEST(ShippedPolicyTest, EveryoneMayDoEverythingIfTheOperatorSaysSo) {
  const Policy policy = Shipped("everyone.json");
  const Principal alice = Identified("token:alice");
  for (const absl::string_view permission : permissions::All()) {
    EXPECT_TRUE(policy.PermitsPath({alice, kRead}, permission, "a"));
    EXPECT_TRUE(policy.PermitsInterface({alice, kRead}, permission, "lo"));
  }
}

}  // namespace
}  // namespace dissectd::server
