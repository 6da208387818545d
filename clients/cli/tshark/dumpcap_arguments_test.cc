// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/dumpcap_arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_join.h"

namespace dissectd::cli::tshark {
namespace {

std::string TextOf(const std::vector<std::string>& arguments) {
  const auto words = FromDumpcapArguments(arguments);
  return words.ok() ? absl::StrJoin(*words, " ")
                    : std::string(words.status().message());
}

TEST(DumpcapArgumentsTest, KeepsWhatBothProgramsHave) {
  EXPECT_EQ(TextOf({"-q", "-i", "lo", "-w", "-"}), "-q -i lo -w -");
  EXPECT_EQ(TextOf({"-qpi", "lo", "-wx", "-c5"}), "-q -p -i lo -wx -c5");
  EXPECT_EQ(TextOf({"--interface", "lo", "-f", "-1", "-w", "-P"}),
            "--interface lo -f -1 -w -P");
  EXPECT_EQ(TextOf({"-D"}), "-D");
}

TEST(DumpcapArgumentsTest, TranslatesTypesOfFiles) {
  EXPECT_EQ(TextOf({"-P", "-i", "lo", "-w", "x"}), "-F pcap -i lo -w x");
  EXPECT_EQ(TextOf({"-ni", "lo", "-w", "x"}), "-F pcapng -i lo -w x");
}

TEST(DumpcapArgumentsTest, PrintsNoPackets) {
  EXPECT_EQ(TextOf({"-i", "lo", "-a", "duration:1"}),
            "-i lo -a duration:1 -w /dev/null");
  EXPECT_EQ(TextOf({"-i", "lo", "udp"}), "-i lo -w /dev/null -- udp");
}

TEST(DumpcapArgumentsTest, TakesOptionsAfterTheFilter) {
  EXPECT_EQ(TextOf({"udp", "-i", "lo", "--autostop", "packets:1", "-w", "-P"}),
            "-i lo --autostop packets:1 -w -P -- udp");
  EXPECT_EQ(TextOf({"-w", "x", "--", "-1"}), "-w x -- -1");
  EXPECT_EQ(TextOf({"-i", "lo", "udp", "port"}), "Invalid argument: port");
}

TEST(DumpcapArgumentsTest, RefusesWhatTsharkHasNot) {
  EXPECT_EQ(TextOf({"-i", "lo", "-qS"}),
            "-S isn't supported: tshark has no such option of dumpcap.");
}

}  // namespace
}  // namespace dissectd::cli::tshark
