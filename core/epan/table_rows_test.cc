// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/table_rows.h"

#include <gtest/gtest.h>

namespace dissectd::engine {
namespace {

TEST(TableRowsTest, FindsARowThatLacksValues) {
  EXPECT_TRUE(HasShortRow(",\n", 3));
  EXPECT_TRUE(HasShortRow("\n,\n\n", 3));
  EXPECT_TRUE(HasShortRow("\"a\", \t\r\n \n\"b\"", 3));
  EXPECT_TRUE(HasShortRow("\"a\",12,\"b\"\n12,\n", 3));
  EXPECT_TRUE(HasShortRow("# a \"comment\n,\n", 3));
}

TEST(TableRowsTest, IgnoresWhatTheReaderIgnores) {
  EXPECT_TRUE(HasShortRow(",\x8a\n", 3));
  EXPECT_TRUE(HasShortRow(",\"\n", 3));
  EXPECT_TRUE(HasShortRow(", a\n", 3));
  EXPECT_TRUE(HasShortRow("\"a\\\",\n", 3));
}

TEST(TableRowsTest, TakesRowsThatAreWhole) {
  EXPECT_FALSE(HasShortRow("", 2));
  EXPECT_FALSE(HasShortRow("\"a\",\"b\"\n\"c\",\"d\"\n", 2));
  // The last value is empty.
  EXPECT_FALSE(HasShortRow("\"a\",\n\n\"b\",\"c\"", 2));
  // No line feed follows that of this line.
  EXPECT_FALSE(HasShortRow("\"a\",", 3));
  EXPECT_FALSE(HasShortRow("\"a\", ", 3));
}

TEST(TableRowsTest, TakesAnyTextInQuotesAndComments) {
  EXPECT_FALSE(HasShortRow("\"a,\n\n\",\"b\"", 2));
  EXPECT_FALSE(HasShortRow("\"a\\\",\n\",\"b\"", 2));
  EXPECT_FALSE(HasShortRow("# a,\n\n\"b\",\"c\"", 2));
  EXPECT_FALSE(HasShortRow(" #,\n#,", 2));
}

TEST(TableRowsTest, LeavesToTheReaderWhatItRefuses) {
  EXPECT_FALSE(HasShortRow("\"a\"\n,\n\n", 3));
  EXPECT_FALSE(HasShortRow("1,2,3,4\n,\n\n", 3));
  EXPECT_FALSE(HasShortRow("\"a\" \"b\"\n,\n\n", 3));
  EXPECT_FALSE(HasShortRow("\"a\",\n\"b\"\n,\n\n", 3));
}

}  // namespace
}  // namespace dissectd::engine
