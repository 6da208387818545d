// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/statistics_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace {

TEST(StatisticsLinesTest, LinesMayComeInPieces) {
  StatisticsLines lines;
  std::vector<InterfaceCount> counts;
  for (const char byte : absl::string_view("eth0\t5\t0\nlo\t4294967295\t1\n")) {
    const auto found = lines.Take(absl::string_view(&byte, 1));
    ASSERT_TRUE(found.ok()) << found.status();
    counts.insert(counts.end(), found->begin(), found->end());
  }
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].name, "eth0");
  EXPECT_EQ(counts[0].packets, 5u);
  EXPECT_EQ(counts[1].name, "lo");
  EXPECT_EQ(counts[1].packets, 4294967295u);
}

TEST(StatisticsLinesTest, OtherLinesAreRefused) {
  for (const char* line :
       {"\n", "eth0\n", "eth0\t5\n", "\t5\t0\n", "eth0\t-1\t0\n",
        "eth0\t4294967296\t0\n", "eth0\t5\t0\t0\n"}) {
    EXPECT_FALSE(StatisticsLines().Take(line).ok()) << line;
  }
}

TEST(StatisticsLinesTest, ALineThatDoesNotEndIsRefused) {
  StatisticsLines lines;
  EXPECT_TRUE(lines.Take(std::string(4096, 'x')).ok());
  EXPECT_FALSE(lines.Take("x").ok());
}

}  // namespace
}  // namespace dissectd::server
