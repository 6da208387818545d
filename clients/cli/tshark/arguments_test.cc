// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dissectd::cli::tshark {
namespace {

// Returns a command line as one text that is easy to compare.
std::string TextOf(const std::vector<std::string>& words) {
  const Arguments arguments = ParseArguments(words);
  std::string text;
  for (const GivenOption& given : arguments.options) {
    absl::StrAppend(&text, OptionText(given.option), "[", given.value, "] ");
  }
  for (const std::string& word : arguments.words) {
    absl::StrAppend(&text, word, " ");
  }
  return absl::StrCat(text, arguments.error);
}

TEST(ArgumentsTest, TakesValuesJoinedAndApart) {
  EXPECT_EQ(TextOf({"-r", "a.pcap", "-c1"}), "-r[a.pcap] -c[1] ");
  EXPECT_EQ(TextOf({"-qra.pcap", "-Vx"}), "-q[] -r[a.pcap] -V[] -x[] ");
  EXPECT_EQ(TextOf({"-c", "-1", "-Y", ""}), "-c[-1] -Y[] ");
  EXPECT_EQ(TextOf({"--hexdump=all", "--hexdump", "frames"}),
            "--hexdump[all] --hexdump[frames] ");
  EXPECT_EQ(TextOf({"--hexdump="}), "--hexdump[] ");
}

TEST(ArgumentsTest, EndsOptionsAtTheFirstWord) {
  EXPECT_EQ(TextOf({"-q", "tcp", "-c1"}), "-q[] tcp -c1 ");
  EXPECT_EQ(TextOf({"-q", "-", "-c1"}), "-q[] - -c1 ");
  EXPECT_EQ(TextOf({"-q", "--", "-c1"}), "-q[] -c1 ");
}

TEST(ArgumentsTest, KnowsAbbreviatedNames) {
  EXPECT_EQ(TextOf({"--inter", "lo", "--inter=lo", "--pr"}),
            "-i[lo] -i[lo] -P[] ");
  EXPECT_EQ(TextOf({"--list-"}), "option is ambiguous: list-");
  EXPECT_EQ(TextOf({"--list-=x"}), "option is ambiguous: list-=x");
}

TEST(ArgumentsTest, NamesTheFirstWrongOption) {
  EXPECT_EQ(TextOf({"-qk", "-Z"}), "-q[] unrecognized option: k");
  EXPECT_EQ(TextOf({"--nosuch=1"}), "unrecognized option: nosuch=1");
  EXPECT_EQ(TextOf({"--read-file", "x"}), "unrecognized option: read-file");
  EXPECT_EQ(TextOf({"-r"}), "option requires an argument: r");
  EXPECT_EQ(TextOf({"--inter"}), "option requires an argument: interface");
  EXPECT_EQ(TextOf({"--color=x"}), "option does not take an argument: color");
  EXPECT_EQ(TextOf({"-:"}), "unrecognized option: :");
}

}  // namespace
}  // namespace dissectd::cli::tshark
