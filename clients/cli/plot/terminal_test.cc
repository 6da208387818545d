// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/terminal.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

TEST(TerminalTest, TheAttributeFourIsSixel) {
  EXPECT_TRUE(AnswerHasSixel("\033[?62;4c"));
  EXPECT_TRUE(AnswerHasSixel("\033[?63;1;2;4;6;9;15;22c"));
  EXPECT_FALSE(AnswerHasSixel("\033[?62;1;44;22c"));
  // This is a terminal of the class 4.
  EXPECT_FALSE(AnswerHasSixel("\033[?4;6c"));
}

TEST(TerminalTest, OtherAnswersAreNone) {
  EXPECT_FALSE(AnswerHasSixel(""));
  EXPECT_FALSE(AnswerHasSixel("\033[?62;4"));
  EXPECT_FALSE(AnswerHasSixel("62;4c"));
  EXPECT_TRUE(AnswerHasSixel("typed\033[?62;4c"));
}

}  // namespace
}  // namespace dissectd::cli
