// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_owners.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "server/base/principal.h"
#include "server/base/random_id.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

class FileOwnersTest : public ::testing::Test {
 protected:
  int root() { return store_.files()->root_fd(); }

  // Makes a file of the store and the folders around it.
  std::string MakeFile(const std::string& path) {
    const std::filesystem::path full =
        std::filesystem::path(store_.folder()) / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << "x";
    return path;
  }

  std::string ExportKeyOf(const std::string& path) {
    const UniqueFd file(openat(root(), path.c_str(), O_RDONLY | O_CLOEXEC));
    const absl::StatusOr<std::string> key = FileOwners::ExportKey(file.get());
    EXPECT_TRUE(key.ok()) << key.status();
    return *key;
  }

  size_t NotesOnDisk(const std::string& kind) {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(
             store_.folder() + "/.owners/" + kind)) {
      static_cast<void>(entry);
      ++count;
    }
    return count;
  }

  TemporaryStore store_;
};

// Waits until the clock of file systems, which counts milliseconds, has gone
// on. Two files with the same birth time can't be told apart.
void AwaitClockTick() {
  timespec before = {};
  timespec now = {};
  clock_gettime(CLOCK_REALTIME_COARSE, &before);
  do {
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
  } while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
}

TEST_F(FileOwnersTest, ANoteSurvivesARestart) {
  const std::string id = NewRandomId();
  const std::string path = MakeFile("uploads/" + id + "/a.pcap");
  {
    FileOwners owners(root());
    ASSERT_TRUE(
        owners.Set(FileOwners::UploadKey(id), {"token:a", {"group:g"}}).ok());
  }
  const FileOwners owners(root());
  const std::optional<FileOwners::Ownership> found = owners.FindFile(path);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->owner, "token:a");
  EXPECT_EQ(found->readers, std::vector<std::string>{"group:g"});
  struct stat status;
  ASSERT_EQ(fstatat(root(), (".owners/uploads/" + id).c_str(), &status, 0), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(FileOwnersTest, AnUnfinishedUploadKeepsItsNote) {
  const std::string id = NewRandomId();
  MakeFile(".uploads/" + id + "/a.pcap");
  ASSERT_TRUE(
      FileOwners(root()).Set(FileOwners::UploadKey(id), {"token:a", {}}).ok());
  EXPECT_TRUE(FileOwners(root()).Find(FileOwners::UploadKey(id)).has_value());
}

TEST_F(FileOwnersTest, ALaterFileOfTheNameHasNoOwner) {
  const std::string path = MakeFile("exports/a.pcap");
  FileOwners owners(root());
  ASSERT_TRUE(owners.Set(ExportKeyOf(path), {"token:a", {}}).ok());
  ASSERT_TRUE(owners.FindFile(path).has_value());
  // Kept open, so that the number of the file isn't given to another.
  const UniqueFd old(openat(root(), path.c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(unlinkat(root(), path.c_str(), 0), 0);
  EXPECT_FALSE(owners.FindFile(path).has_value());
  MakeFile(path);
  EXPECT_FALSE(owners.FindFile(path).has_value());
  EXPECT_TRUE(owners.FindFile(path, old.get()).has_value());
}

TEST_F(FileOwnersTest, ALaterFileOfTheNumberHasNoOwner) {
  const std::string path = MakeFile("exports/a.pcap");
  FileOwners owners(root());
  ASSERT_TRUE(owners.Set(ExportKeyOf(path), {"token:a", {}}).ok());
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(unlinkat(root(), path.c_str(), 0), 0);
    // Twice, as programs may see a tick slightly before file systems do.
    AwaitClockTick();
    AwaitClockTick();
    MakeFile(path);
    ASSERT_FALSE(owners.FindFile(path).has_value());
  }
}

TEST_F(FileOwnersTest, NotesOfMissingFilesAreDeletedAtTheNextStart) {
  const std::string kept = MakeFile("exports/kept.pcap");
  const std::string gone = MakeFile("exports/gone.pcap");
  const std::string id = NewRandomId();
  {
    FileOwners owners(root());
    ASSERT_TRUE(owners.Set(ExportKeyOf(kept), {"token:a", {}}).ok());
    ASSERT_TRUE(owners.Set(ExportKeyOf(gone), {"token:a", {}}).ok());
    ASSERT_TRUE(owners.Set(FileOwners::UploadKey(id), {"token:a", {}}).ok());
    ASSERT_TRUE(owners.Set(FileOwners::CaptureKey(id), {"token:a", {}}).ok());
  }
  ASSERT_EQ(unlinkat(root(), gone.c_str(), 0), 0);
  const FileOwners owners(root());
  EXPECT_TRUE(owners.FindFile(kept).has_value());
  EXPECT_EQ(NotesOnDisk("exports"), 1u);
  EXPECT_EQ(NotesOnDisk("uploads"), 0u);
  EXPECT_EQ(NotesOnDisk("captures"), 0u);
}

TEST_F(FileOwnersTest, NotesOfDeletedUploadsDoNotPileUp) {
  FileOwners owners(root());
  for (int i = 0; i < 250; ++i) {
    ASSERT_TRUE(
        owners.Set(FileOwners::UploadKey(NewRandomId()), {"token:a", {}}).ok());
  }
  EXPECT_LT(NotesOnDisk("uploads"), 150u);
}

// However many notes there are, writing one costs no more.
TEST_F(FileOwnersTest, EachNoteThatIsWrittenLooksAtFewOthers) {
  constexpr size_t kUploads = 100;
  constexpr size_t kFew = 10;
  FileOwners owners(root());
  for (size_t i = 0; i < kUploads; ++i) {
    const std::string id = NewRandomId();
    MakeFile("uploads/" + id + "/a.pcap");
    ASSERT_TRUE(owners.Set(FileOwners::UploadKey(id), {"token:a", {}}).ok());
  }
  ASSERT_EQ(NotesOnDisk("uploads"), kUploads);
  std::filesystem::remove_all(store_.folder() + "/uploads");
  const std::string capture = FileOwners::CaptureKey(NewRandomId());
  ASSERT_TRUE(owners.Set(capture, {"token:a", {}}).ok());
  EXPECT_GE(NotesOnDisk("uploads"), kUploads - kFew);
  for (size_t i = 0; i < kUploads; ++i) {
    ASSERT_TRUE(owners.Set(capture, {"token:a", {}}).ok());
  }
  EXPECT_EQ(NotesOnDisk("uploads"), 0u);
  EXPECT_TRUE(owners.Find(capture).has_value());
}

TEST_F(FileOwnersTest, KnowsWhatIsOfAPrincipalOrSharedWithIt) {
  FileOwners owners(root());
  const auto add = [&](const std::string& letter, const std::string& owner,
                       const std::vector<std::string>& readers) {
    const std::string id(32, letter[0]);
    MakeFile("uploads/" + id + "/a.pcap");
    EXPECT_TRUE(owners.Set(FileOwners::UploadKey(id), {owner, readers}).ok());
    return id;
  };
  Principal bob;
  bob.id = "token:bob";
  bob.groups = {"lab", "team"};
  const std::string own = add("c", "token:bob", {"token:bob"});
  const std::string shared = add("a", "token:a", {"token:b", "token:bob"});
  const std::string group = add("b", "token:a", {"group:team"});
  const std::string all = add("d", "token:a", {"*"});
  add("e", "token:a", {"group:tea", "token:bobby"});
  owners.Remember(FileOwners::CaptureKey(own), "token:bob");
  EXPECT_EQ(owners.NamesFor(bob, "uploads"),
            (std::vector<std::string>{shared, group, own, all}));
  EXPECT_EQ(owners.NamesFor(bob, "captures"), std::vector<std::string>{own});
  ASSERT_TRUE(owners.Set(FileOwners::UploadKey(shared), {"token:a", {}}).ok());
  owners.Forget(FileOwners::UploadKey(all));
  EXPECT_EQ(owners.NamesFor(bob, "uploads"),
            (std::vector<std::string>{group, own}));
  const FileOwners restarted(root());
  EXPECT_EQ(restarted.NamesFor(bob, "uploads"),
            (std::vector<std::string>{group, own}));
}

TEST_F(FileOwnersTest, KnowsTheNamesOfExports) {
  Principal alice;
  alice.id = "token:a";
  const std::string path = MakeFile("exports/z.pcap");
  const std::string other = MakeFile("exports/a.pcap");
  const std::string strange = MakeFile("exports/b.pcap");
  const std::vector<std::string> both = {"a.pcap", "z.pcap"};
  FileOwners owners(root());
  ASSERT_TRUE(
      owners.SetExport(ExportKeyOf(path), "z.pcap", {"token:a", {}}).ok());
  ASSERT_TRUE(
      owners.SetExport(ExportKeyOf(other), "a.pcap", {"token:b", {}}).ok());
  ASSERT_TRUE(
      owners.SetExport(ExportKeyOf(strange), "b.pcap", {"token:c", {}}).ok());
  EXPECT_EQ(owners.NamesFor(alice, "exports"),
            std::vector<std::string>{"z.pcap"});
  // Sharing keeps the name.
  ASSERT_TRUE(owners.Set(ExportKeyOf(other), {"token:b", {"token:a"}}).ok());
  EXPECT_EQ(owners.NamesFor(alice, "exports"), both);
  EXPECT_EQ(FileOwners(root()).NamesFor(alice, "exports"), both);
  owners.Forget(ExportKeyOf(path));
  EXPECT_EQ(owners.NamesFor(alice, "exports"),
            std::vector<std::string>{"a.pcap"});
}

TEST_F(FileOwnersTest, ADamagedNoteGivesNobodyTheFile) {
  const std::string id = NewRandomId();
  const std::string path = MakeFile("captures/" + id + "/a.pcap");
  ASSERT_TRUE(
      FileOwners(root()).Set(FileOwners::CaptureKey(id), {"token:a", {}}).ok());
  std::ofstream(store_.folder() + "/.owners/captures/" + id) << "{\"owner\":";
  EXPECT_FALSE(FileOwners(root()).FindFile(path).has_value());
}

TEST_F(FileOwnersTest, WhatIsRememberedIsWrittenOnlyIfItIsKept) {
  const std::string id = NewRandomId();
  MakeFile("captures/" + id + "/a.pcap");
  const std::string key = FileOwners::CaptureKey(id);
  {
    FileOwners owners(root());
    owners.Remember(key, "token:a");
    EXPECT_EQ(owners.Find(key)->owner, "token:a");
  }
  EXPECT_FALSE(FileOwners(root()).Find(key).has_value());
  {
    FileOwners owners(root());
    owners.Remember(key, "token:a");
    ASSERT_TRUE(owners.Keep(key).ok());
  }
  EXPECT_EQ(FileOwners(root()).Find(key)->owner, "token:a");
}

TEST_F(FileOwnersTest, FilesOfTheOperatorHaveNoKey) {
  const FileOwners owners(root());
  EXPECT_FALSE(owners.KeyOf(MakeFile("a.pcap")).has_value());
  EXPECT_FALSE(owners.KeyOf(MakeFile("captures/a.pcap")).has_value());
  EXPECT_FALSE(owners.KeyOf(MakeFile("uploads/x/a.pcap")).has_value());
  EXPECT_FALSE(owners.KeyOf(MakeFile("exports/x/a.pcap")).has_value());
  EXPECT_FALSE(owners.KeyOf("exports/missing.pcap").has_value());
}

}  // namespace
}  // namespace dissectd::server
