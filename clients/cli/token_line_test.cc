// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/token_line.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dissectd::cli {
namespace {

std::string ContentOf(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

mode_t ModeOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(TokenLineTest, TokensAreRandom) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    const absl::StatusOr<std::string> token = NewToken();
    ASSERT_TRUE(token.ok());
    EXPECT_TRUE(absl::StartsWith(*token, "dissectd_"));
    // 256 bits in base64url.
    EXPECT_EQ(token->size(), sizeof("dissectd_") - 1 + 43);
    EXPECT_FALSE(absl::StrContains(*token, '.'));
    tokens.insert(*token);
  }
  EXPECT_EQ(tokens.size(), 100u);
}

TEST(TokenLineTest, ALineHasTheHashOfTheToken) {
  // As `printf secret | sha256sum` prints it.
  constexpr char kHash[] =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  EXPECT_EQ(*TokenLine("secret", "alice", {}, absl::InfiniteFuture()),
            absl::StrCat("alice sha256:", kHash));
  EXPECT_EQ(*TokenLine("secret", "alice", {"a", "b"},
                       absl::FromUnixSeconds(1'900'000'000)),
            absl::StrCat("alice sha256:", kHash, " a,b 2030-03-17T17:46:40Z"));
}

TEST(TokenLineTest, NamesThatWouldBreakALineAreRefused) {
  for (const std::string name : {"", "a b", "a\tb", "a\nb", "#a", "\xc3\xa4"}) {
    EXPECT_FALSE(TokenLine("x", name, {}, absl::InfiniteFuture()).ok()) << name;
    EXPECT_FALSE(TokenLine("x", "a", {name}, absl::InfiniteFuture()).ok())
        << name;
  }
  for (const std::string group : {"a,b", "a:b"}) {
    EXPECT_FALSE(TokenLine("x", "a", {group}, absl::InfiniteFuture()).ok());
  }
}

TEST(TokenLineTest, AnExpiryIsADurationOrATime) {
  const absl::Time now = absl::FromUnixSeconds(1'900'000'000);
  EXPECT_EQ(*ParseExpiry("90d", now), now + absl::Hours(90 * 24));
  EXPECT_EQ(*ParseExpiry("12h", now), now + absl::Hours(12));
  EXPECT_EQ(*ParseExpiry("5m", now), now + absl::Minutes(5));
  EXPECT_EQ(*ParseExpiry("2w", now), now + absl::Hours(2 * 7 * 24));
  EXPECT_EQ(*ParseExpiry("2030-03-17T17:46:41Z", now), now + absl::Seconds(1));
  for (const char* text :
       {"", "d", "0d", "-1d", "+1d", "1", "1y", "1.5d", " 1d", "99999999999d",
        "4000000000w", "2030-01-01", "infinite-future", "2030-03-17T17:46:40Z",
        "2020-01-01T00:00:00Z"}) {
    EXPECT_FALSE(ParseExpiry(text, now).ok()) << text;
  }
}

TEST(TokenLineTest, ANewFileIsPrivate) {
  const std::string path = absl::StrCat(testing::TempDir(), "/new");
  unlink(path.c_str());
  ASSERT_TRUE(AppendLine(path, "one").ok());
  EXPECT_EQ(ContentOf(path), "one\n");
  EXPECT_EQ(ModeOf(path), 0600u);
}

TEST(TokenLineTest, AnExistingFileKeepsItsLinesAndItsMode) {
  const std::string path = absl::StrCat(testing::TempDir(), "/existing");
  const std::string link = absl::StrCat(testing::TempDir(), "/link");
  // Without a line break at its end, as some editors leave it.
  std::ofstream(path) << "# people\none";
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  ASSERT_TRUE(AppendLine(link, "two").ok());
  EXPECT_EQ(ContentOf(path), "# people\none\ntwo\n");
  EXPECT_EQ(ModeOf(path), 0640u);
  struct stat status = {};
  ASSERT_EQ(lstat(link.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST(TokenLineTest, ATokenGetsANewFileThatIsPrivate) {
  const std::string path = absl::StrCat(testing::TempDir(), "/secret");
  unlink(path.c_str());
  const mode_t old = umask(0);
  ASSERT_TRUE(WritePrivateFile(path, "one\n").ok());
  umask(old);
  EXPECT_EQ(ContentOf(path), "one\n");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_FALSE(WritePrivateFile(path, "two\n").ok());
  EXPECT_EQ(ContentOf(path), "one\n");
}

TEST(TokenLineTest, AFileThatCannotBeWrittenIsAnError) {
  EXPECT_FALSE(AppendLine("/proc/tokens", "one").ok());
  EXPECT_FALSE(
      AppendLine(absl::StrCat(testing::TempDir(), "/no/folder"), "one").ok());
  EXPECT_FALSE(AppendLine(testing::TempDir(), "one").ok());
}

}  // namespace
}  // namespace dissectd::cli
