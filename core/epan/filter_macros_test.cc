// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/filter_macros.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dissectd::engine {
namespace {

TEST(SavedFiltersTest, LinesAreNamesAndFilters) {
  const std::vector<NamedFilter> filters = ParseSavedFilters(
      "\"HTTP\" http\n"
      "\n"
      "  \"A \\\"b\\\" \\\\ c\"   tcp.port == 80 \r\n");
  ASSERT_EQ(filters.size(), 2u);
  EXPECT_EQ(filters[0].name, "HTTP");
  EXPECT_EQ(filters[0].text, "http");
  EXPECT_EQ(filters[1].name, "A \"b\" \\ c");
  EXPECT_EQ(filters[1].text, "tcp.port == 80 ");
}

TEST(SavedFiltersTest, WhatIsIncompleteIsLeftOut) {
  const std::vector<NamedFilter> filters = ParseSavedFilters(
      "no name\n"
      "\"no end\n"
      "\"no end \\\n"
      "\"no filter\"\n"
      "\"good\" ip\n"
      "\"no end of the line\" udp");
  ASSERT_EQ(filters.size(), 1u);
  EXPECT_EQ(filters[0].name, "good");
  EXPECT_TRUE(ParseSavedFilters("").empty());
}

}  // namespace
}  // namespace dissectd::engine
