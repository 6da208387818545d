// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string FileWith(const std::string& content) {
  std::string path = testing::TempDir() + "/token_test";
  std::ofstream(path) << content;
  return path;
}

std::string ErrorOf(const std::string& token, const std::string& file) {
  return std::string(TokenOf(token, file).status().message());
}

TEST(TokenTest, TheFirstLineOfAFileCounts) {
  EXPECT_EQ(*TokenOf("", FileWith("# lab\n\n  abc.def \nother\n")), "abc.def");
}

TEST(TokenTest, ATokenGoesBeforeAFile) {
  EXPECT_EQ(*TokenOf("abc", "/nonexistent"), "abc");
}

TEST(TokenTest, NothingIsNoToken) { EXPECT_EQ(*TokenOf("", ""), ""); }

TEST(TokenTest, WhatIsNoTokenIsRefusedAndNotShown) {
  EXPECT_THAT(ErrorOf("", FileWith("\n# nothing\n")), HasSubstr("no token"));
  EXPECT_THAT(ErrorOf("", "/nonexistent"), HasSubstr("No such file"));
  const std::string wrong = ErrorOf("se cret", "");
  EXPECT_THAT(wrong, HasSubstr("isn't a token"));
  EXPECT_THAT(wrong, Not(HasSubstr("cret")));
  EXPECT_THAT(ErrorOf("se\ncret", ""), HasSubstr("isn't a token"));
  EXPECT_THAT(ErrorOf(std::string(16 << 10, 'a'), ""), HasSubstr("too long"));
}

}  // namespace
}  // namespace dissectd::cli
