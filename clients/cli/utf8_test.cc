// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::cli {
namespace {

TEST(Utf8Test, KnowsTheBordersOfValidCharacters) {
  for (const char* valid : {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf",
                            "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                            "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsValidUtf8(valid)) << valid;
    EXPECT_EQ(ReplaceInvalidUtf8(valid), valid);
  }
  for (const char* invalid :
       {"\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xff", "Gr\xfc\xdf!"}) {
    EXPECT_FALSE(IsValidUtf8(invalid)) << invalid;
    EXPECT_TRUE(IsValidUtf8(ReplaceInvalidUtf8(invalid)));
  }
}

TEST(Utf8Test, ReplacesEachInvalidByte) {
  EXPECT_EQ(ReplaceInvalidUtf8("Gr\xfc\xc3\x9f"
                               "e\xe2\x82"),
            "Gr\xef\xbf\xbd\xc3\x9f"
            "e\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Utf8Test, AssignsToTheFieldThatFits) {
  std::string text;
  std::string bytes;
  AssignText("plain", &text, &bytes);
  EXPECT_EQ(text, "plain");
  EXPECT_EQ(bytes, "");
  AssignText("\xfc", &text, &bytes);
  EXPECT_EQ(bytes, "\xfc");
}

}  // namespace
}  // namespace dissectd::cli
