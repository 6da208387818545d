// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_listing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/store/testing/opened_folders.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

class FileListingTest : public ::testing::Test {
 protected:
  void Write(const std::string& path) const {
    const std::filesystem::path file(store_.folder() + "/" + path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "x";
  }

  std::vector<std::string> List(const StoreView& view) {
    v1::ListFilesResponse response;
    const absl::Status status =
        ListPage(*store_.files(), v1::ListFilesRequest(), view, &response);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> names;
    for (const v1::File& file : response.files()) names.push_back(file.name());
    return names;
  }

  TemporaryStore store_;
};

TEST_F(FileListingTest, FoldersThatAreNotSelectedAreNotOpened) {
  for (const char* path : {"a.pcap", "uploads/1/a", "uploads/2/a",
                           "uploads/3/a", "uploads/4/a", "z/a"}) {
    Write(path);
  }
  const OpenedFolders opened(store_.folder() + "/uploads");
  StoreView view;
  view.shows = [](const std::string&) { return true; };
  view.selection.names = [](const std::string& folder) {
    return folder == "uploads/" ? std::make_shared<const FolderNames::Names>(
                                      FolderNames::Names{"2/", "3/", "5/"})
                                : nullptr;
  };
  EXPECT_EQ(List(view),
            (std::vector<std::string>{"files/a.pcap", "files/uploads/2/a",
                                      "files/uploads/3/a", "files/z/a"}));
  EXPECT_EQ(opened.Take(), (std::set<std::string>{"2", "3"}));
  // What the test relies on.
  view.selection.names = nullptr;
  EXPECT_EQ(List(view).size(), 6u);
  EXPECT_EQ(opened.Take(), (std::set<std::string>{"1", "2", "3", "4"}));
}

TEST_F(FileListingTest, EndsSoonAfterNobodyWaitsForIt) {
  constexpr int kFiles = 100;
  constexpr int kUntilCancelled = 10;
  for (int i = 0; i < kFiles; ++i) {
    Write("many/" + std::to_string(i) + "/a.pcap");
  }
  int asked = 0;
  bool cancelled = false;
  StoreView view;
  view.shows = [&](const std::string&) {
    cancelled = ++asked == kUntilCancelled;
    return false;
  };
  view.selection.is_over = [&] { return cancelled; };
  const OpenedFolders opened(store_.folder() + "/many");
  EXPECT_TRUE(List(view).empty());
  EXPECT_EQ(asked, kUntilCancelled);
  EXPECT_EQ(opened.Take().size(), size_t{kUntilCancelled});
}

}  // namespace
}  // namespace dissectd::server
