// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/bash_line.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

constexpr char kBreaks[] = " \t\n\"'><=;|&(:";

TEST(BashLineTest, WordsHaveNoQuotes) {
  const BashLine line = ParseBashLine(
      "dissectctl read  'a b'\\ c \"d\\\"$e\" f\\&g -Y '' ip", kBreaks);
  EXPECT_EQ(line.words,
            (std::vector<std::string>{"dissectctl", "read", "a b c", "d\"$e",
                                      "f&g", "-Y", "", "ip"}));
}

TEST(BashLineTest, AfterASpaceTheWordIsEmpty) {
  EXPECT_EQ(ParseBashLine("dissectctl ", kBreaks).words,
            (std::vector<std::string>{"dissectctl", ""}));
}

TEST(BashLineTest, ReadlineKeepsWhatItDoesNotReplace) {
  const struct {
    const char* line;
    size_t kept;
    char quote;
  } cases[] = {
      {"d tcp.po", 0, 0},
      {"d --server=uni", 9, 0},
      {"d -o tcp.x:TR", 6, 0},
      {"d 'dns && tcp.po", 0, '\''},
      {"d --display-filter='dns", 17, '\''},
      {"d \"a=b", 0, '"'},
      // An escaped character is no word break.
      {"d dns\\&tcp", 0, 0},
      // After a closed quote, the last break counts again.
      {"d a='b'c", 2, 0},
  };
  for (const auto& expected : cases) {
    const BashLine line = ParseBashLine(expected.line, kBreaks);
    EXPECT_EQ(line.kept, expected.kept) << expected.line;
    EXPECT_EQ(line.quote, expected.quote) << expected.line;
  }
}

TEST(BashLineTest, CandidatesAreQuotedAsTheLineNeeds) {
  EXPECT_EQ(QuotedForBash("a && $b", 0), "a\\ \\&\\&\\ \\$b");
  EXPECT_EQ(QuotedForBash("it's $b", '\''), "it'\\''s $b");
  EXPECT_EQ(QuotedForBash("\"a\" $b 'c'", '"'), "\\\"a\\\" \\$b 'c'");
}

}  // namespace
}  // namespace dissectd::cli
