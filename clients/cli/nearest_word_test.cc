// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/nearest_word.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

std::string Nearest(absl::string_view word) {
  return NearestWord(word, {"read", "rates", "files", "capture", "captures",
                            "capinfos", "info", "x"});
}

TEST(NearestWordTest, SlipsOfThePenAreFound) {
  EXPECT_EQ(Nearest("raed"), "read");
  EXPECT_EQ(Nearest("rea"), "read");
  EXPECT_EQ(Nearest("file"), "files");
  EXPECT_EQ(Nearest("captuer"), "capture");
  EXPECT_EQ(Nearest("infos"), "info");
}

TEST(NearestWordTest, TheNearestOfSeveralIsFound) {
  EXPECT_EQ(Nearest("capturees"), "captures");
  EXPECT_EQ(Nearest("capure"), "capture");
}

TEST(NearestWordTest, OtherWordsAreNotGuessed) {
  EXPECT_EQ(Nearest("open"), "");
  EXPECT_EQ(Nearest("y"), "");
  EXPECT_EQ(Nearest(""), "");
  EXPECT_EQ(Nearest(std::string(1'000'000, 'x')), "");
}

}  // namespace
}  // namespace dissectd::cli
