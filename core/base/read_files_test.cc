// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/read_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace dissectd {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ReadFilesTest : public testing::Test {
 protected:
  ReadFilesTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~ReadFilesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path Write(const std::string& name,
                              const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

  const std::filesystem::path folder_;
};

TEST_F(ReadFilesTest, ContentIsWhole) {
  const std::string content = std::string(10'000, 'x') + '\0' + "\nend";
  EXPECT_EQ(ContentOf(Write("file", content)), content);
  EXPECT_EQ(ContentOf(Write("empty", "")), "");
}

TEST_F(ReadFilesTest, WhatCannotBeReadHasNoContent) {
  EXPECT_EQ(ContentOf(folder_ / "missing"), "");
  // A folder can be opened, and reading it fails.
  EXPECT_EQ(ContentOf(folder_), "");
}

TEST_F(ReadFilesTest, FolderHasItsEntries) {
  Write("one", "");
  Write(".two", "");
  std::error_code error;
  EXPECT_THAT(EntriesOf(folder_, &error),
              UnorderedElementsAre(folder_ / "one", folder_ / ".two"));
  EXPECT_FALSE(error);
}

TEST_F(ReadFilesTest, FolderThatCannotBeReadSaysWhy) {
  std::error_code error;
  EXPECT_THAT(EntriesOf(folder_ / "missing", &error), IsEmpty());
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
  EXPECT_THAT(EntriesOf(Write("file", ""), &error), IsEmpty());
  EXPECT_EQ(error, std::errc::not_a_directory);
}

}  // namespace
}  // namespace dissectd
