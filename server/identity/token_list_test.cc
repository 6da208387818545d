// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/token_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Hashes that `printf secret | sha256sum` prints.
constexpr char kSecret[] =
    "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
constexpr char kOther[] =
    "sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

absl::Time TimeOf(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error));
  return time;
}

std::string ErrorOf(const std::string& content) {
  return std::string(TokenList::Parse(content).status().message());
}

TEST(TokenListTest, ATokenIsFoundByItsHash) {
  const auto list = TokenList::Parse(absl::StrCat(
      "# People\n\n alice ", kSecret,
      " analyst,lab/eu\t2030-01-01T00:00:00Z\r\n", "build@ci ", kOther));
  ASSERT_TRUE(list.ok()) << list.status();
  const TokenOwner* alice = list->Find("secret");
  ASSERT_NE(alice, nullptr);
  EXPECT_EQ(alice->name, "alice");
  EXPECT_THAT(alice->groups, ElementsAre("analyst", "lab/eu"));
  const TokenOwner* build = list->Find("other");
  ASSERT_NE(build, nullptr);
  EXPECT_EQ(build->name, "build@ci");
  EXPECT_THAT(build->groups, IsEmpty());
  EXPECT_EQ(build->expiry, absl::InfiniteFuture());
  for (const std::string wrong : {"", "secre", "secret ", "Secret", kSecret}) {
    EXPECT_EQ(list->Find(wrong), nullptr) << wrong;
  }
}

TEST(TokenListTest, ATokenExpires) {
  const auto list = TokenList::Parse(
      absl::StrCat("alice ", kSecret, " 2030-01-01T01:00:00+01:00"));
  ASSERT_TRUE(list.ok()) << list.status();
  const TokenOwner* alice = list->Find("secret");
  ASSERT_NE(alice, nullptr);
  EXPECT_EQ(alice->expiry, TimeOf("2030-01-01T00:00:00Z"));
}

TEST(TokenListTest, ANameCanHaveSeveralTokens) {
  const auto list = TokenList::Parse(
      absl::StrCat("alice ", kSecret, "\nalice ", kOther, "\n"));
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_NE(list->Find("secret"), nullptr);
  EXPECT_NE(list->Find("other"), nullptr);
}

TEST(TokenListTest, AnErrorNamesTheLineAndNotItsContent) {
  for (const std::string& line : {
           std::string("alice"),
           std::string("alice secret"),
           std::string("alice sha256:abcd"),
           absl::StrCat("alice ", kSecret, "0"),
           absl::StrCat("alice ", kSecret, " a,,b"),
           absl::StrCat("alice ", kSecret, " a b"),
           absl::StrCat("alice ", kSecret, " a 2030-01-01"),
           absl::StrCat("alice ", kSecret, " 2030-13-01T00:00:00Z"),
           absl::StrCat("alice ", kSecret, " 2030-01-01T00:00:00Z a"),
           absl::StrCat("alice ", kSecret, " a 2030-01-01T00:00:00Z b"),
           absl::StrCat("al\x01ice ", kSecret),
           absl::StrCat("al\xffice ", kSecret),
           absl::StrCat(std::string(256, 'a'), " ", kSecret),
       }) {
    const std::string error = ErrorOf(absl::StrCat("# first\n", line, "\n"));
    EXPECT_THAT(error, HasSubstr("line 2: ")) << line;
    EXPECT_THAT(error, Not(HasSubstr("secret"))) << line;
    EXPECT_THAT(error, Not(HasSubstr("2bb80d"))) << line;
  }
}

TEST(TokenListTest, ATokenIsListedOnce) {
  EXPECT_THAT(ErrorOf(absl::StrCat("alice ", kSecret, "\nbob ", kSecret)),
              HasSubstr("line 2: "));
}

TEST(TokenListTest, AnEmptyFileHasNoTokens) {
  const auto list = TokenList::Parse("");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->Find(""), nullptr);
}

}  // namespace
}  // namespace dissectd::server
