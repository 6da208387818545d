// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/edit_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace dissectd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(EditValuesTest, FramesAreNumbersAndRanges) {
  EXPECT_THAT(*ParseFrames("3,7-9"), ElementsAre(3, 7, 8, 9));
  EXPECT_THAT(*ParseFrames("5-5"), ElementsAre(5));
  for (const char* const wrong :
       {"", "0", "3,", "9-7", "x", "3-", "-3", "1-20001", "1-4000000000"}) {
    EXPECT_FALSE(ParseFrames(wrong).ok()) << wrong;
  }
  EXPECT_EQ(ParseFrames("1-20000")->size(), 20'000u);
  for (const char* const incomplete : {"", "3,", "3-", "-3"}) {
    EXPECT_THAT(std::string(ParseFrames(incomplete).status().message()),
                HasSubstr("isn't a list of frames"))
        << incomplete;
  }
}

TEST(EditValuesTest, FramesAreShownAsTheyAreGiven) {
  EXPECT_EQ(FramesText({3, 7, 8, 9, 11}), "3,7-9,11");
  EXPECT_EQ(FramesText({}), "");
}

TEST(EditValuesTest, CommentsFollowTheNumberOfAFrame) {
  const auto comment = *ParseFrameComment("3:at 12:30");
  EXPECT_EQ(comment.first, 3u);
  EXPECT_EQ(comment.second, "at 12:30");
  for (const char* const wrong : {"", "3", ":text", "x:text"}) {
    EXPECT_FALSE(ParseFrameComment(wrong).ok()) << wrong;
  }
}

TEST(EditValuesTest, ShiftsHaveASignAndAFraction) {
  const struct {
    const char* text;
    int64_t seconds;
    int32_t nanos;
    const char* shown;
  } cases[] = {
      {"3600", 3600, 0, "3600.000000000"},
      {"+1.5", 1, 500'000'000, "1.500000000"},
      {"-0.5", 0, -500'000'000, "-0.500000000"},
      {"-2.000000001", -2, -1, "-2.000000001"},
      {"0", 0, 0, "0.000000000"},
  };
  for (const auto& expected : cases) {
    const auto shift = ParseShift(expected.text);
    ASSERT_TRUE(shift.ok()) << expected.text;
    EXPECT_EQ(shift->seconds(), expected.seconds);
    EXPECT_EQ(shift->nanos(), expected.nanos);
    EXPECT_EQ(ShiftText(*shift), expected.shown);
  }
  for (const char* const wrong : {"", "-", "1.", ".5", "1.0000000001", "1,5",
                                  "--1", "+-1", "1.-5", " 1", "1e3"}) {
    EXPECT_FALSE(ParseShift(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace dissectd::cli
