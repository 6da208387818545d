// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/node_lines.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

TEST(NodeLinesTest, LinesOfTextBeginWithAColumnOfNodes) {
  OutputBuffer out;
  NodeLines lines(PrintOptions(), &out);
  lines.MakeRoomFor("a");
  lines.Append("a", "1 DNS\n");
  lines.MakeRoomFor("long");
  lines.Append("a", "2 DNS\n");
  lines.Append("long", "1 ARP\n");
  EXPECT_EQ(out.view(), "a  1 DNS\na     2 DNS\nlong  1 ARP\n");
}

TEST(NodeLinesTest, EmptyLinesBetweenDetailsStayEmpty) {
  OutputBuffer out;
  NodeLines lines(PrintOptions(), &out);
  lines.MakeRoomFor("a");
  lines.Append("a", "Frame 1\n    Time\n\n");
  EXPECT_EQ(out.view(), "a  Frame 1\na      Time\n\n");
}

TEST(NodeLinesTest, TheNodeIsTheFirstFieldAndTheHeadComesOnce) {
  OutputBuffer out;
  PrintOptions options;
  options.type = OutputType::kFields;
  options.fields_style.separator = ';';
  options.fields_style.quote = '"';
  NodeLines lines(options, &out);
  lines.AppendHead(
      "\xef\xbb\xbf"
      "frame.number\n");
  lines.Append("a", "\"1\"\n");
  lines.AppendHead(
      "\xef\xbb\xbf"
      "frame.number\n");
  lines.Append("b", "\"1\"\n");
  EXPECT_EQ(out.view(),
            "\xef\xbb\xbf"
            "node;frame.number\n\"a\";\"1\"\n\"b\";\"1\"\n");
}

TEST(NodeLinesTest, LinesOfJsonStayAsTheyAre) {
  OutputBuffer out;
  PrintOptions options;
  options.type = OutputType::kEk;
  NodeLines lines(options, &out);
  lines.Append("a", "{}\n{}\n");
  EXPECT_EQ(out.view(), "{}\n{}\n");
}

}  // namespace
}  // namespace dissectd::cli
