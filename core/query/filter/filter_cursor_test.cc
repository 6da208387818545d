// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_cursor.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::engine {
namespace {

// Returns the cursor of a filter in which ¦ marks it.
FilterCursor At(std::string filter) {
  static constexpr char kMark[] = "¦";
  const size_t cursor = filter.find(kMark);
  filter.erase(cursor, sizeof(kMark) - 1);
  return FindFilterCursor(filter, cursor);
}

FilterPlace PlaceAt(const std::string& filter) { return At(filter).place; }

TEST(FilterCursorTest, OperandsBeginTests) {
  for (const char* filter :
       {"¦", "  ¦", "tc¦", "!¦", "not ¦", "not tc¦", "(¦", "((tc¦", "tcp && ¦",
        "tcp or ¦", "tcp.port == 80 and u¦", "!(tcp) || (¦", "len(¦",
        "max(ip.ttl, ¦", "any ¦", "tcp.flags & ¦"}) {
    EXPECT_EQ(PlaceAt(filter), FilterPlace::kOperand) << filter;
  }
}

TEST(FilterCursorTest, OperatorsFollowOperands) {
  for (const char* filter :
       {"tcp.port ¦", "tcp.port e¦", "tcp.port =¦", "not tcp.port ¦",
        "tcp && ip.src ¦", "(ip.src ¦", "ip.src[0:2] ¦", "ip.src#1 ¦",
        "tcp.flags & 2 ¦", "len(ip.src) ¦", "${ip.src} ¦"}) {
    EXPECT_EQ(PlaceAt(filter), FilterPlace::kOperator) << filter;
  }
  EXPECT_EQ(At("tcp && ip.src ¦").field, "ip.src");
  EXPECT_EQ(At("tcp.port con¦").prefix, "con");
}

TEST(FilterCursorTest, ComputedOperandsHaveOtherTypes) {
  EXPECT_EQ(At("ip.src ¦").shape, OperandShape::kField);
  EXPECT_EQ(At("ip.src[0:2] ¦").shape, OperandShape::kBytes);
  EXPECT_EQ(At("len(ip.src) ¦").shape, OperandShape::kNumber);
  EXPECT_EQ(At("upper(http.host) ¦").shape, OperandShape::kString);
  EXPECT_EQ(At("tcp.flags & 2 ¦").shape, OperandShape::kNumber);
  EXPECT_EQ(At("max(ip.ttl) ¦").shape, OperandShape::kField);
  EXPECT_EQ(At("len(ip.src) == 4 && ip.src ¦").shape, OperandShape::kField);
}

TEST(FilterCursorTest, FunctionsAreNoTests) {
  EXPECT_TRUE(At("ip.src ¦").is_test);
  EXPECT_TRUE(At("tcp.flags & 2 ¦").is_test);
  EXPECT_FALSE(At("len(ip.src) ¦").is_test);
  EXPECT_FALSE(At("max(ip.ttl, 3) ¦").is_test);
  EXPECT_TRUE(At("len(ip.src) == 4 && ip.src ¦").is_test);
}

TEST(FilterCursorTest, ValuesFollowRelations) {
  for (const char* filter :
       {"dns.qry.type == ¦", "dns.qry.type ==¦", "dns.qry.type eq ¦",
        "dns.qry.type != \"A¦", "dns.qry.type in {¦", "dns.qry.type in {1, ¦",
        "dns.qry.type in {1..¦", "tcp && dns.qry.type == A¦",
        "dns.qry.type not in {¦"}) {
    const FilterCursor cursor = At(filter);
    EXPECT_EQ(cursor.place, FilterPlace::kValue) << filter;
    EXPECT_EQ(cursor.field, "dns.qry.type") << filter;
  }
  EXPECT_EQ(PlaceAt("dns.qry.type in ¦"), FilterPlace::kSet);
}

TEST(FilterCursorTest, ConnectivesFollowTests) {
  for (const char* filter : {"tcp.port == 80 ¦", "tcp.port == 80 a¦",
                             "tcp.port == 80 &¦", "tcp.port in {80, 443} ¦",
                             "(tcp.port == 80) ¦", "dns.qry.name == \"a\" ¦"}) {
    EXPECT_EQ(PlaceAt(filter), FilterPlace::kConnective) << filter;
  }
}

TEST(FilterCursorTest, NothingIsOfferedWithinTextsAndSlices) {
  for (const char* filter : {"ip.src[¦", "ip.src[0:¦]", "'¦", "\"tcp¦",
                             "${port:¦", "tcp.port in {80 ¦"}) {
    EXPECT_EQ(PlaceAt(filter), FilterPlace::kNowhere) << filter;
  }
  EXPECT_EQ(PlaceAt("${po¦"), FilterPlace::kReference);
}

TEST(FilterCursorTest, TheWholeWordIsReplaced) {
  const FilterCursor within = At("tcp && ip.s¦rc == 1");
  EXPECT_EQ(within.prefix, "ip.s");
  EXPECT_EQ(within.replace.start, 7u);
  EXPECT_EQ(within.replace.length, 6u);

  const FilterCursor behind = At("tcp && ¦ip.src");
  EXPECT_EQ(behind.prefix, "");
  EXPECT_EQ(behind.replace.start, 7u);
  EXPECT_EQ(behind.replace.length, 0u);

  const FilterCursor quoted = At("a == \"x\\\"¦y\" && b");
  EXPECT_TRUE(quoted.quoted);
  EXPECT_EQ(quoted.prefix, "x\\\"");
  EXPECT_EQ(quoted.replace.start, 5u);
  EXPECT_EQ(quoted.replace.length, 6u);

  const FilterCursor open = At("${po¦ && tcp");
  EXPECT_EQ(open.replace.start, 0u);
  EXPECT_EQ(open.replace.length, 4u);
}

// Every text has an answer, which is within the text.
TEST(FilterCursorTest, AnyTextHasAnAnswer) {
  static constexpr char kBytes[] = "ab .=!&|(){}[]\"'\\#,$@-\xc3\xa9\n";
  uint32_t random = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string filter;
    for (int i = 0; i < 12; ++i) {
      random = random * 1664525 + 1013904223;
      filter += kBytes[(random >> 16) % (sizeof(kBytes) - 1)];
    }
    for (size_t cursor = 0; cursor <= filter.size(); ++cursor) {
      const FilterCursor found = FindFilterCursor(filter, cursor);
      EXPECT_LE(found.replace.start, cursor) << filter;
      EXPECT_LE(found.replace.start + found.replace.length, filter.size())
          << filter;
    }
  }
}

}  // namespace
}  // namespace dissectd::engine
