// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/folder_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace dissectd::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FolderFilesTest : public ::testing::Test {
 protected:
  FolderFilesTest() : folder_(fs::path(::testing::TempDir()) / "folder") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  void Write(const std::string& name) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << "x";
  }

  std::vector<std::string> Names(const FolderSelection& selection) {
    std::vector<std::string> names;
    const auto files = FilesIn(folder_, selection);
    EXPECT_TRUE(files.ok()) << files.status();
    if (!files.ok()) return names;
    for (const FolderFile& file : *files) {
      EXPECT_TRUE(fs::is_regular_file(file.path)) << file.path;
      names.push_back(file.name);
    }
    return names;
  }

  std::string Error(const FolderSelection& selection) {
    return std::string(FilesIn(folder_, selection).status().message());
  }

  const fs::path folder_;
};

TEST_F(FolderFilesTest, AreThoseThatAreSelected) {
  for (const char* name : {"b.proto", "a.proto", "a.txt", ".hidden.proto",
                           ".git/c.proto", "sub/deep/c.proto", "plain"}) {
    Write(name);
  }
  ASSERT_EQ(mkfifo((folder_ / "pipe.proto").c_str(), 0600), 0);
  EXPECT_THAT(Names({{".proto"}, true}),
              ElementsAre("a.proto", "b.proto", "sub/deep/c.proto"));
  EXPECT_THAT(Names({{"", ".txt"}, false}), ElementsAre("a.txt", "plain"));
  EXPECT_THAT(Names({{".mmdb"}, true}), IsEmpty());
}

TEST_F(FolderFilesTest, FollowLinksOnce) {
  Write("sub/a.proto");
  fs::create_directory_symlink("..", folder_ / "sub/up");
  fs::create_directory_symlink("sub", folder_ / "twin");
  fs::create_symlink("sub/a.proto", folder_ / "link.proto");
  fs::create_symlink("missing", folder_ / "broken.proto");
  EXPECT_THAT(Names({{".proto"}, true}),
              ElementsAre("link.proto", "sub/a.proto"));
}

TEST_F(FolderFilesTest, AreBounded) {
  EXPECT_THAT(std::string(FilesIn("/nosuch", {{""}, true}).status().message()),
              HasSubstr("\"/nosuch\": No such file or directory"));
  std::string deep;
  for (int i = 0; i < 16; ++i) deep += "d/";
  Write(deep + "a.proto");
  EXPECT_THAT(Error({{".proto"}, true}),
              HasSubstr("below more than 16 folders"));
  EXPECT_EQ(Error({{".proto"}, false}), "");
  for (int i = 0; i < 2001; ++i) Write(std::to_string(i) + ".proto");
  EXPECT_THAT(Error({{".proto"}, false}), HasSubstr("more than 2000 files"));
}

}  // namespace
}  // namespace dissectd::cli
