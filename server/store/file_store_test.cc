// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FileStoreTest : public ::testing::Test {
 protected:
  void Write(const std::string& path) const {
    const std::filesystem::path file(folder_.folder() + "/" + path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "x";
  }

  // Makes a folder look as if it had not been changed for a minute.
  void Rest(const std::string& path) const {
    const timespec then = {time(nullptr) - 60, 0};
    const timespec times[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, (folder_.folder() + path).c_str(), times, 0),
              0);
  }

  // Returns the paths of at most `count` files.
  std::vector<std::string> List(const std::string& after = "",
                                const std::string& prefix = "",
                                size_t count = 1000) {
    std::vector<std::string> paths;
    const absl::Status status = folder_.files()->Visit(
        after, prefix, [&](const FileStore::FileInfo& file) {
          if (paths.size() == count) return false;
          paths.push_back(file.path);
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
    return paths;
  }

  TemporaryStore folder_;
};

TEST_F(FileStoreTest, VisitsFilesInTheOrderOfTheirPaths) {
  for (const char* path : {"b/a", "b.pcap", "b0", "a", "b/c/d", "b/c.pcap",
                           "b-", ".hidden", "c/.hidden"}) {
    Write(path);
  }
  EXPECT_THAT(List(), ElementsAre("a", "b-", "b.pcap", "b/a", "b/c.pcap",
                                  "b/c/d", "b0"));
}

// Every place to go on at, and every prefix, gives the same as a list of all.
TEST_F(FileStoreTest, GoesOnAfterAnyPathAndWithAnyPrefix) {
  for (const char* path : {"a", "b/a", "b/ab", "b/c/d", "b/c/e/f", "b.x", "b0",
                           "c/a", "c/b", "ca", "d/e/f/g"}) {
    Write(path);
  }
  const std::vector<std::string> all = List();
  std::vector<std::string> places = all;
  for (const char* path : {"", "b", "b/", "b/c", "b/c/", "b/c0", "c/", "c0",
                           "d/e", "z", "b/a/x", "/"}) {
    places.emplace_back(path);
  }
  for (const std::string& after : places) {
    for (const std::string& prefix : places) {
      std::vector<std::string> expected;
      for (const std::string& path : all) {
        if (path > after && absl::StartsWith(path, prefix)) {
          expected.push_back(path);
        }
      }
      EXPECT_EQ(List(after, prefix), expected) << after << ", " << prefix;
    }
  }
}

TEST_F(FileStoreTest, LeavesOutLinksAndWhatIsNoFile) {
  Write("a/b");
  ASSERT_EQ(symlink("a", (folder_.folder() + "/link").c_str()), 0);
  ASSERT_EQ(mkfifo((folder_.folder() + "/pipe").c_str(), 0644), 0);
  EXPECT_THAT(List(), ElementsAre("a/b"));
}

// Exchanges a folder and a link to one outside, for as long as it exists.
class Exchanger {
 public:
  Exchanger(std::string folder, std::string link)
      : thread_([this, folder = std::move(folder), link = std::move(link)] {
          while (!stopping_) {
            renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, link.c_str(),
                      RENAME_EXCHANGE);
          }
        }) {}
  ~Exchanger() {
    stopping_ = true;
    thread_.join();
  }
  Exchanger(const Exchanger&) = delete;
  Exchanger& operator=(const Exchanger&) = delete;

 private:
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

TEST_F(FileStoreTest, ALinkThatReplacesAFolderInTimeLeadsNowhere) {
  TemporaryStore outside;
  std::ofstream(outside.folder() + "/file") << "o";
  Write("a/file");
  ASSERT_EQ(
      symlink(outside.folder().c_str(), (folder_.folder() + "/link").c_str()),
      0);
  const Exchanger exchanger(folder_.folder() + "/a",
                            folder_.folder() + "/link");
  const absl::Time end = absl::Now() + absl::Seconds(60);
  int opened = 0;
  int refused = 0;
  while (opened < 1000 || refused < 1000) {
    ASSERT_LT(absl::Now(), end)
        << opened << " opened, " << refused << " refused";
    const absl::StatusOr<UniqueFd> file = folder_.files()->OpenFile("a/file");
    if (!file.ok()) {
      ++refused;
      continue;
    }
    ++opened;
    char content = 0;
    ASSERT_EQ(read(file->get(), &content, 1), 1);
    ASSERT_EQ(content, 'x');
  }
}

// The names in a large folder are kept, but each change counts at once.
TEST_F(FileStoreTest, SeesEveryChangeOfALargeFolder) {
  for (int i = 100; i < 300; ++i) Write("f/" + std::to_string(i));
  Rest("/f");
  for (int i = 300; i < 320; ++i) {
    ASSERT_EQ(List().size(), 200u);
    const std::string added = "f/" + std::to_string(i);
    Write(added);
    ASSERT_EQ(List("f/299"), std::vector<std::string>{added});
    ASSERT_TRUE(std::filesystem::remove(folder_.folder() + "/" + added));
    ASSERT_THAT(List("f/299"), IsEmpty());
    if (i % 2 == 0) Rest("/f");
  }
}

TEST_F(FileStoreTest, AStoreThatWasDeletedIsUnavailable) {
  Write("a");
  std::filesystem::remove_all(folder_.folder());
  EXPECT_EQ(folder_.files()->Stat("a").status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(folder_.files()->OpenFile("a").status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kGone);
  Write("b");
  EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kReplaced);
  folder_.files()->MarkThere();
  EXPECT_TRUE(folder_.files()->Stat("b").ok());
  EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kSame);
}

TEST_F(FileStoreTest, ANewFolderIsLockedAsTheOldOneWas) {
  ASSERT_TRUE(folder_.files()->Lock().ok());
  std::filesystem::remove_all(folder_.folder());
  Write("a");
  {
    const absl::StatusOr<FileStore> other = FileStore::Open(folder_.folder());
    ASSERT_TRUE(other->Lock().ok());
    EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kGone);
  }
  ASSERT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kReplaced);
  const absl::StatusOr<FileStore> other = FileStore::Open(folder_.folder());
  EXPECT_EQ(other->Lock().code(), absl::StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace dissectd::server
