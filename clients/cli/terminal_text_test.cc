// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/terminal_text.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

std::string Name(absl::string_view text) {
  return Printable(text, LineBreaks::kEscape);
}

TEST(TerminalTextTest, ControlCharactersAreEscaped) {
  EXPECT_EQ(Name("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(Name("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(Name(absl::string_view("\0\x7f", 2)), "\\x00\\x7f");
}

TEST(TerminalTextTest, SoAreThoseOfEightBitTerminals) {
  EXPECT_EQ(Name("\xc2\x9b"
                 "31m"),
            "\\u009b31m");
  EXPECT_EQ(Name("\x9b"
                 "31m"),
            "\\x9b31m");
}

TEST(TerminalTextTest, OtherTextStaysAsItIs) {
  EXPECT_EQ(Name("Grüße, 捕获 → \xfc"), "Grüße, 捕获 → \xfc");
  // Later bytes of characters look like control characters.
  EXPECT_EQ(Name("\xe2\x82\x9b \xc3\x9b"), "\xe2\x82\x9b \xc3\x9b");
  EXPECT_EQ(Name(""), "");
}

TEST(TerminalTextTest, MessagesKeepTheirLines) {
  EXPECT_EQ(Printable("a\n\tb\x1b\n", LineBreaks::kKeep), "a\n\tb\\x1b\n");
}

}  // namespace
}  // namespace dissectd::cli
