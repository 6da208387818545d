// SPDX-License-Identifier: GPL-2.0-or-later

// Tests uploads that are made with their hash, so that they are found again.

#include "server/store/upload_copies.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "server/store/sha256.h"
#include "server/store/testing/temporary_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {
namespace {

using absl::StatusCode;

constexpr uint64_t kQuota = 1000;
constexpr time_t kMinute = 60;
constexpr time_t kDay = 1440 * kMinute;

std::string HashOf(absl::string_view bytes) {
  Sha256 hash;
  hash.Add(bytes);
  return hash.Finish();
}

class UploadCopiesTest : public ::testing::Test {
 protected:
  UploadCopiesTest() { Restart(); }

  void Restart() {
    store_.reset();
    auto store = UploadStore::Open(folder_.files(), {{kQuota}});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  // Begins an upload of these bytes, or finds it.
  UploadStore::Info Create(const std::string& bytes) {
    const auto info = store_->Create("a.pcap", Principal(), HashOf(bytes));
    EXPECT_TRUE(info.ok()) << info.status();
    return info.ok() ? *info : UploadStore::Info();
  }

  // Sends all bytes of a file, and returns the outcome.
  absl::Status Send(const std::string& id, const std::string& bytes) {
    const auto writer = store_->OpenWriter(id);
    EXPECT_TRUE(writer.ok()) << writer.status();
    EXPECT_TRUE((*writer)->Write(0, bytes).ok());
    return (*writer)->Finish().status();
  }

  // Makes a whole upload.
  UploadStore::Info Upload(const std::string& bytes) {
    const UploadStore::Info begun = Create(bytes);
    EXPECT_EQ(begun.path, "");
    EXPECT_EQ(Send(begun.id, bytes), absl::OkStatus());
    return *store_->Get(begun.id);
  }

  std::string PathOf(const std::string& path) const {
    return folder_.folder() + "/" + path;
  }

  std::string NoteOf(const UploadStore::Info& info) const {
    return PathOf(".copies/" + info.id);
  }

  // Restarts the store after an upload was not used for a time.
  void Age(const UploadStore::Info& info, time_t seconds) {
    const timespec then = {time(nullptr) - seconds, 0};
    const timespec times[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, NoteOf(info).c_str(), times, 0), 0);
    Restart();
  }

  bool Exists(const UploadStore::Info& info) const {
    return std::filesystem::exists(PathOf(info.path));
  }

  TemporaryStore folder_;
  std::unique_ptr<UploadStore> store_;
};

TEST_F(UploadCopiesTest, AFileIsFoundByItsHash) {
  const UploadStore::Info first = Upload("abc");
  const UploadStore::Info again = Create("abc");
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.path, first.path);
  EXPECT_EQ(again.committed_bytes, 3u);
  EXPECT_EQ(store_->FreeBytes(), kQuota - 3);
  Restart();
  EXPECT_EQ(Create("abc").id, first.id);
}

TEST_F(UploadCopiesTest, OtherFilesAreNotFound) {
  Upload("abc");
  const std::string hash = HashOf("abc");
  EXPECT_EQ(Create("abd").path, "");
  EXPECT_EQ(store_->Create("b.pcap", Principal(), hash)->path, "");
  EXPECT_EQ(store_->Create("a.pcap", Principal{"another"}, hash)->path, "");
  EXPECT_EQ(store_->Create("a.pcap")->path, "");
}

TEST_F(UploadCopiesTest, AnUnfinishedUploadIsNotFound) {
  const UploadStore::Info begun = Create("abc");
  ASSERT_TRUE((*store_->OpenWriter(begun.id))->Write(0, "abc").ok());
  EXPECT_NE(Create("abc").id, begun.id);
}

// Also if the size and the time of the change are the same.
TEST_F(UploadCopiesTest, AChangedFileIsNotFoundAndNotDeleted) {
  const UploadStore::Info info = Upload("abc");
  const std::string path = PathOf(info.path);
  struct stat before;
  ASSERT_EQ(stat(path.c_str(), &before), 0);
  // The kernel's clock of files is coarse.
  struct stat after = before;
  while (after.st_ctim.tv_sec == before.st_ctim.tv_sec &&
         after.st_ctim.tv_nsec == before.st_ctim.tv_nsec) {
    std::ofstream(path) << "xyz";
    const timespec times[] = {before.st_atim, before.st_mtim};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    ASSERT_EQ(stat(path.c_str(), &after), 0);
  }
  EXPECT_EQ(Create("abc").path, "");
  Age(info, 2 * kDay);
  EXPECT_TRUE(Exists(info));
  EXPECT_FALSE(std::filesystem::exists(NoteOf(info)));
}

TEST_F(UploadCopiesTest, ADeletedFileIsNotFound) {
  const UploadStore::Info info = Upload("abc");
  ASSERT_TRUE(store_->DeleteFile(info.path).ok());
  EXPECT_FALSE(std::filesystem::exists(NoteOf(info)));
  EXPECT_EQ(Create("abc").path, "");
}

TEST_F(UploadCopiesTest, ContentWithAnotherHashIsRefusedAndDeleted) {
  const UploadStore::Info info = Create("abc");
  EXPECT_EQ(Send(info.id, "abd").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->Get(info.id).status().code(), StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(NoteOf(info)));
  EXPECT_EQ(store_->FreeBytes(), kQuota);
}

TEST_F(UploadCopiesTest, AHashOfAnotherLengthIsRefused) {
  for (const size_t size : {1, 31, 33, 64}) {
    EXPECT_EQ(store_->Create("a.pcap", Principal(), std::string(size, 'x'))
                  .status()
                  .code(),
              StatusCode::kInvalidArgument)
        << size;
  }
}

TEST_F(UploadCopiesTest, AnUploadInPartsHasTheHashOfAll) {
  for (const std::string end : {"c", "d"}) {
    const UploadStore::Info info = Create("abc");
    ASSERT_TRUE((*store_->OpenWriter(info.id))->Write(0, "ab").ok());
    Restart();
    const auto writer = store_->OpenWriter(info.id);
    ASSERT_TRUE((*writer)->Write(2, end).ok());
    EXPECT_EQ((*writer)->Finish().ok(), end == "c");
    if (end == "c") {
      EXPECT_TRUE(store_->DeleteFile(store_->Get(info.id)->path).ok());
    }
  }
}

TEST_F(UploadCopiesTest, AnUnusedCopyIsDeletedAfterADay) {
  const UploadStore::Info old = Upload("abc");
  const UploadStore::Info used = Upload("defg");
  // An upload without its hash is the only copy.
  const UploadStore::Info other = *store_->Create("a.pcap");
  ASSERT_EQ(Send(other.id, "h"), absl::OkStatus());
  const timespec then = {time(nullptr) - 2 * kDay, 0};
  const timespec times[] = {then, then};
  ASSERT_EQ(utimensat(AT_FDCWD, PathOf(store_->Get(other.id)->path).c_str(),
                      times, 0),
            0);
  Age(used, kDay - kMinute);
  EXPECT_EQ(Create("defg").id, used.id);
  Age(old, kDay + kMinute);
  EXPECT_FALSE(Exists(old));
  EXPECT_FALSE(std::filesystem::exists(NoteOf(old)));
  EXPECT_TRUE(Exists(used));
  EXPECT_TRUE(Exists(*store_->Get(other.id)));
  EXPECT_EQ(store_->FreeBytes(), kQuota - 5);
}

TEST_F(UploadCopiesTest, CopiesMakeRoomForOthers) {
  const UploadStore::Info old = Upload(std::string(400, 'a'));
  const UploadStore::Info older = Upload(std::string(300, 'b'));
  Age(old, 2 * kMinute);
  Age(older, 3 * kMinute);
  const UploadStore::Info fresh = Upload(std::string(200, 'c'));
  EXPECT_TRUE(store_->Reserve(400).ok());
  EXPECT_FALSE(Exists(older));
  EXPECT_TRUE(Exists(old));
  EXPECT_TRUE(store_->Reserve(400).ok());
  EXPECT_FALSE(Exists(old));
  // A client may be about to read this one.
  EXPECT_EQ(store_->Reserve(1).code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(Exists(fresh));
}

// A caller whose share is used up loses copies of its own, and no others.
TEST_F(UploadCopiesTest, CopiesOfACallerMakeRoomForItself) {
  auto store = UploadStore::Open(folder_.files(), {{kQuota, 500}});
  store_ = *std::move(store);
  UploadStore::Info uploads[2];
  for (const int i : {0, 1}) {
    const std::string owner = i == 0 ? "anna" : "berta";
    const std::string bytes(400, owner[0]);
    uploads[i] = *store_->Create("a.pcap", Principal(), HashOf(bytes), owner);
    ASSERT_EQ(Send(uploads[i].id, bytes), absl::OkStatus());
    uploads[i] = *store_->Get(uploads[i].id);
    Age(uploads[i], (3 - i) * kMinute);
    store_ = *UploadStore::Open(folder_.files(), {{kQuota, 500}});
  }
  EXPECT_EQ(store_->FreeBytes("berta"), 100u);
  EXPECT_TRUE(store_->Reserve(200, "berta").ok());
  EXPECT_TRUE(Exists(uploads[0]));
  EXPECT_FALSE(Exists(uploads[1]));
}

TEST_F(UploadCopiesTest, DamagedNotesAreDeleted) {
  const UploadStore::Info info = Upload("abc");
  std::ofstream(NoteOf(info)) << "dissectd-upload-1 xyz";
  std::ofstream(PathOf(".copies/other")) << "";
  Restart();
  EXPECT_TRUE(std::filesystem::is_empty(PathOf(".copies")));
  EXPECT_TRUE(Exists(info));
  EXPECT_EQ(Create("abc").path, "");
}

}  // namespace
}  // namespace dissectd::server
