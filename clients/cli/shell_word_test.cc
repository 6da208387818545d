// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/shell_word.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

TEST(ShellWordTest, OnlyTextsThatNeedItAreQuoted) {
  const struct {
    const char* text;
    const char* word;
  } cases[] = {
      {"1,3-4", "1,3-4"},
      {"-0.500000000", "-0.500000000"},
      {"3:lost", "3:lost"},
      {"", "''"},
      {"3:lost here", "'3:lost here'"},
      {"5:it's", "'5:it'\\''s'"},
      {"5:$(id) `id` \\", "'5:$(id) `id` \\'"},
      {"5:\xc3\xa9", "'5:\xc3\xa9'"},
      {"2:a\nb", "$'2:a\\nb'"},
      {"2:it's\\\n\x1b[m", "$'2:it\\'s\\\\\\n\\x1b[m'"},
  };
  for (const auto& expected : cases) {
    EXPECT_EQ(ShellWord(expected.text), expected.word);
  }
}

}  // namespace
}  // namespace dissectd::cli
