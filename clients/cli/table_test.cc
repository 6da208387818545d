// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/table.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

std::vector<Table::Column> Columns() {
  return {{"BYTES", 7, Table::Align::kRight},
          {"STATE", 0, Table::Align::kLeft},
          {"NAME", 0, Table::Align::kLeft}};
}

TEST(TableTest, TheHeadPrecedesTheFirstRow) {
  Table table(Columns(), /*with_head=*/true);
  EXPECT_EQ(table.Row({"12", "up", "lo"}),
            "  BYTES  STATE  NAME\n"
            "     12  up     lo\n");
  EXPECT_EQ(table.Row({"1234567", "down", "eth0"}), "1234567  down   eth0\n");
}

TEST(TableTest, TheHeadCanBeLeftOut) {
  Table table(Columns(), /*with_head=*/false);
  EXPECT_EQ(table.Row({"12", "up", "lo"}), "     12  up     lo\n");
}

TEST(TableTest, LongCellsStayApart) {
  Table table(Columns(), /*with_head=*/false);
  EXPECT_EQ(table.Row({"123456789", "unknown", "x"}),
            "123456789  unknown  x\n");
}

TEST(TableTest, ColumnsAreAsWideAsTheirCellsIfAllRowsAreThere) {
  testing::internal::CaptureStdout();
  Table::PrintAll(Columns(), /*with_head=*/true,
                  {{"123456789", "up", "lo"}, {"1", "un\nknown", "x"}});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "    BYTES  STATE      NAME\n"
            "123456789  up         lo\n"
            "        1  un\\nknown  x\n");
}

TEST(TableTest, CharactersAreCountedAndNotBytes) {
  Table table(Columns(), /*with_head=*/false);
  EXPECT_EQ(table.Row({"µ", "ü", "x"}), "      µ  ü      x\n");
}

TEST(TableTest, ACellCanNeitherForgeARowNorReachTheTerminal) {
  Table table(Columns(), /*with_head=*/false);
  EXPECT_EQ(table.Row({"1", "up", "a\nb\x1b[31m"}),
            "      1  up     a\\nb\\x1b[31m\n");
}

}  // namespace
}  // namespace dissectd::cli
