// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/passing_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace dissectd::server {
namespace {

class PassingFilesTest : public ::testing::Test {
 protected:
  PassingFilesTest()
      : path_(std::string(std::getenv("TEST_TMPDIR")) + "/files") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }

  PassingFiles NewFiles(int count) const {
    PassingFiles files{UniqueFd(open(path_.c_str(), O_RDONLY | O_DIRECTORY))};
    for (int i = 0; i < count; ++i) {
      const UniqueFd file(open(path_.c_str(), O_TMPFILE | O_RDWR, 0600));
      EXPECT_EQ(files.Add(file), 0);
    }
    return files;
  }
  size_t Count() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      static_cast<void>(entry);
      ++count;
    }
    return count;
  }
  bool Has(const std::string& name) const {
    return std::filesystem::exists(path_ + "/" + name);
  }

  const std::string path_;
  size_t failed_ = 0;
};

TEST_F(PassingFilesTest, FilesGetTheirNamesTogether) {
  PassingFiles files = NewFiles(2);
  EXPECT_EQ(Count(), 2u);
  EXPECT_FALSE(Has("a"));
  EXPECT_EQ(files.Name({"a", "b"}, &failed_), 0);
  EXPECT_TRUE(Has("a"));
  EXPECT_TRUE(Has("b"));
}

TEST_F(PassingFilesTest, NamedFilesStay) {
  { EXPECT_EQ(NewFiles(2).Name({"a", "b"}, &failed_), 0); }
  EXPECT_EQ(Count(), 2u);
}

TEST_F(PassingFilesTest, FilesWithoutNamesAreDeleted) {
  { const PassingFiles files = NewFiles(3); }
  EXPECT_EQ(Count(), 0u);
}

TEST_F(PassingFilesTest, NoneStaysIfANameIsTaken) {
  { EXPECT_EQ(NewFiles(1).Name({"b"}, &failed_), 0); }
  { EXPECT_EQ(NewFiles(3).Name({"a", "b", "c"}, &failed_), EEXIST); }
  EXPECT_EQ(failed_, 1u);
  EXPECT_EQ(Count(), 1u);
  EXPECT_TRUE(Has("b"));
}

}  // namespace
}  // namespace dissectd::server
