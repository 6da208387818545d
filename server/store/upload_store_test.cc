// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/upload_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/base/testing/file_size_limit.h"
#include "server/rpc/grpc_status.h"
#include "server/store/testing/temporary_store.h"

namespace dissectd::server {
namespace {

// Returns the reason of an error that a client would get.
std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "" : FailureOf(status).reason();
}

constexpr uint64_t kQuota = 1000;
constexpr time_t kTwoDays = time_t{2} * 24 * 60 * 60;

class UploadStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Restart(); }

  // Simulates a restart of the daemon.
  void Restart() {
    store_.reset();
    auto store = UploadStore::Open(folder_.files(), {{kQuota}});
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  std::string Create(const std::string& name = "a.pcap") {
    const auto info = store_->Create(name);
    EXPECT_TRUE(info.ok()) << info.status();
    return info.ok() ? info->id : "";
  }

  std::unique_ptr<UploadStore::Writer> OpenWriter(const std::string& id) {
    auto writer = store_->OpenWriter(id);
    EXPECT_TRUE(writer.ok()) << writer.status();
    return writer.ok() ? *std::move(writer) : nullptr;
  }

  // Makes an upload look untouched for two days, after a restart.
  void Age(const std::string& id) {
    const timespec long_ago = {time(nullptr) - kTwoDays, 0};
    const timespec times[] = {long_ago, long_ago};
    const std::string path = folder_.folder() + "/.uploads/" + id + "/a.pcap";
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  absl::StatusCode CodeOfGet(const std::string& id) const {
    return store_->Get(id).status().code();
  }

  TemporaryStore folder_;
  std::unique_ptr<UploadStore> store_;
};

TEST_F(UploadStoreTest, AWriterKeepsOthersOutUntilItGoes) {
  const std::string id = Create();
  auto writer = OpenWriter(id);
  EXPECT_EQ(store_->OpenWriter(id).status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(store_->Delete(id).code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  writer.reset();
  EXPECT_TRUE(OpenWriter(id)->Write(3, "def").ok());
  EXPECT_EQ(store_->Get(id)->committed_bytes, 6u);
}

TEST_F(UploadStoreTest, AFailedOpeningLeavesTheUploadFree) {
  EXPECT_EQ(store_->OpenWriter("none").status().code(),
            absl::StatusCode::kNotFound);
  // The upload isn't busy either.
  EXPECT_EQ(store_->OpenWriter("none").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(UploadStoreTest, AWriteAtAWrongOffsetChangesNothing) {
  const std::string id = Create();
  const auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  EXPECT_EQ(writer->Write(2, "x").code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(writer->Write(4, "x").code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(writer->Commit()->committed_bytes, 3u);
  EXPECT_EQ(store_->FreeBytes(), kQuota - 3);
}

TEST_F(UploadStoreTest, WhatADiskHadRoomForIsKept) {
  const std::string id = Create();
  auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  {
    const FileSizeLimit limit(5);
    EXPECT_FALSE(writer->Write(3, "defgh").ok());
  }
  // A client that has seen the error ends its call, which closes the writer.
  writer.reset();
  EXPECT_EQ(store_->Get(id)->committed_bytes, 5u);
  EXPECT_EQ(store_->FreeBytes(), kQuota - 5);
  writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(5, "fgh").ok());
  EXPECT_EQ(writer->Commit()->committed_bytes, 8u);
  EXPECT_EQ(store_->FreeBytes(), kQuota - 8);
}

TEST_F(UploadStoreTest, WhatIsBeyondTheQuotaIsNotWritten) {
  const std::string full = Create();
  const std::string id = Create();
  ASSERT_TRUE(OpenWriter(full)->Write(0, std::string(kQuota - 4, 'x')).ok());
  const auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  EXPECT_EQ(writer->Write(3, "de").code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(store_->Get(id)->committed_bytes, 3u);
  EXPECT_EQ(store_->FreeBytes(), 1u);
  ASSERT_TRUE(store_->Delete(full).ok());
  EXPECT_TRUE(writer->Write(3, "de").ok());
}

TEST_F(UploadStoreTest, AFinishedUploadIsAFileAndNoUploadAnyMore) {
  const std::string id = Create();
  auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  const auto finished = writer->Finish();
  ASSERT_TRUE(finished.ok()) << finished.status();
  writer.reset();

  EXPECT_EQ(store_->Get(id)->path, finished->path);
  EXPECT_EQ(store_->Get(id)->committed_bytes, 3u);
  EXPECT_EQ(store_->OpenWriter(id).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->Delete(id).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(folder_.files()->OpenFile(finished->path).ok());
}

TEST_F(UploadStoreTest, AnUploadCanNotFinishTwice) {
  const std::string id = Create();
  const auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Finish().ok());
  EXPECT_FALSE(writer->Finish().ok());
  EXPECT_TRUE(store_->Get(id).ok());
}

TEST_F(UploadStoreTest, WhatIsGoneNoLongerCounts) {
  const std::string abandoned = Create();
  ASSERT_TRUE(OpenWriter(abandoned)->Write(0, std::string(400, 'a')).ok());
  const std::string kept = Create();
  std::string path;
  {
    const auto writer = OpenWriter(kept);
    ASSERT_TRUE(writer->Write(0, std::string(600, 'b')).ok());
    EXPECT_EQ(writer->Write(600, "c").code(),
              absl::StatusCode::kResourceExhausted);
    path = writer->Finish()->path;
  }
  EXPECT_EQ(store_->FreeBytes(), 0u);
  EXPECT_EQ(store_->Create("b.pcap").status().code(),
            absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(store_->Delete(abandoned).ok());
  EXPECT_EQ(store_->FreeBytes(), 400u);
  ASSERT_TRUE(store_->DeleteFile(path).ok());
  EXPECT_EQ(store_->FreeBytes(), kQuota);
  EXPECT_EQ(CodeOfGet(kept), absl::StatusCode::kNotFound);
}

TEST_F(UploadStoreTest, ARestartKeepsUploadsAndTheirBytes) {
  const std::string id = Create();
  ASSERT_TRUE(OpenWriter(id)->Write(0, "abc").ok());
  const std::string finished = Create();
  ASSERT_TRUE(OpenWriter(finished)->Write(0, "defg").ok());
  ASSERT_TRUE(OpenWriter(finished)->Finish().ok());
  ASSERT_TRUE(store_->Reserve(100).ok());

  Restart();
  EXPECT_EQ(store_->FreeBytes(), kQuota - 7);
  EXPECT_EQ(store_->Get(id)->committed_bytes, 3u);
  EXPECT_TRUE(OpenWriter(id)->Write(3, "more").ok());
}

TEST_F(UploadStoreTest, AbandonsOldUploadsUnlessTheyAreWritten) {
  const std::string idle = Create();
  const std::string busy = Create();
  auto writer = OpenWriter(busy);
  store_->DeleteExpired(std::chrono::steady_clock::now() +
                        std::chrono::seconds(kTwoDays));
  EXPECT_EQ(CodeOfGet(idle), absl::StatusCode::kNotFound);
  EXPECT_EQ(CodeOfGet(busy), absl::StatusCode::kOk);
  writer.reset();
  // A daemon that starts knows how old uploads are.
  const std::string fresh = Create();
  Age(busy);
  Restart();
  EXPECT_EQ(CodeOfGet(busy), absl::StatusCode::kNotFound);
  EXPECT_EQ(CodeOfGet(fresh), absl::StatusCode::kOk);
}

TEST_F(UploadStoreTest, UnfinishedUploadsAreLimitedInAllAndForEachOwner) {
  store_ = *UploadStore::Open(folder_.files(), {{kQuota}, 5, 3});
  std::vector<std::string> ids;
  ids.reserve(3);
  for (int i = 0; i < 3; ++i) {
    ids.push_back(store_->Create("a.pcap", {}, "", "anna")->id);
  }
  EXPECT_EQ(ReasonOf(store_->Create("a.pcap", {}, "", "anna").status()),
            "TOO_MANY_UPLOADS_OF_CALLER");
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(store_->Create("a.pcap", {}, "", "berta").ok());
  }
  EXPECT_EQ(ReasonOf(store_->Create("a.pcap", {}, "", "berta").status()),
            "TOO_MANY_UPLOADS");
  // Both finished and deleted uploads make place for others.
  ASSERT_TRUE(OpenWriter(ids[0])->Finish().ok());
  EXPECT_TRUE(store_->Create("a.pcap", {}, "", "anna").ok());
  ASSERT_TRUE(store_->Delete(ids[1]).ok());
  EXPECT_TRUE(store_->Create("a.pcap", {}, "", "anna").ok());
  // A restart doesn't forget whose uploads they are.
  store_ = *UploadStore::Open(folder_.files(), {{kQuota}, 100, 3});
  EXPECT_EQ(ReasonOf(store_->Create("a.pcap", {}, "", "anna").status()),
            "TOO_MANY_UPLOADS_OF_CALLER");
  EXPECT_TRUE(store_->Create("a.pcap", {}, "", "berta").ok());
}

TEST_F(UploadStoreTest, FinishedUploadsAreLimitedInAllAndForEachOwner) {
  const UploadStore::Limits limits = {{kQuota, kQuota, 0, 4, 3}};
  store_ = *UploadStore::Open(folder_.files(), limits);
  const auto create = [this](const std::string& owner) {
    return store_->Create("a.pcap", {}, "", owner);
  };
  std::vector<std::string> paths;
  for (int i = 0; i < 3; ++i) {
    const auto info = create("anna");
    ASSERT_TRUE(info.ok()) << info.status();
    paths.push_back(OpenWriter(info->id)->Finish()->path);
  }
  const auto other = create("berta");
  ASSERT_TRUE(other.ok());
  for (const bool restarted : {false, true}) {
    if (restarted) store_ = *UploadStore::Open(folder_.files(), limits);
    EXPECT_EQ(ReasonOf(create("clara").status()), "TOO_MANY_STORED_FILES");
    // An upload that was begun can be finished.
    EXPECT_TRUE(OpenWriter(other->id)->Write(restarted ? 1 : 0, "x").ok());
  }
  ASSERT_TRUE(store_->Delete(other->id).ok());
  EXPECT_EQ(ReasonOf(create("anna").status()),
            "TOO_MANY_STORED_FILES_OF_CALLER");
  ASSERT_TRUE(store_->DeleteFile(paths[0]).ok());
  EXPECT_TRUE(create("anna").ok());
  EXPECT_TRUE(create("berta").ok());
  EXPECT_EQ(ReasonOf(create("berta").status()), "TOO_MANY_STORED_FILES");
}

TEST_F(UploadStoreTest, ARefusedUploadCountsNowhere) {
  store_ =
      *UploadStore::Open(folder_.files(), {{kQuota, kQuota, 0, 2, 2}, 1, 1});
  const auto first = store_->Create("a.pcap");
  ASSERT_TRUE(first.ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ReasonOf(store_->Create("a.pcap").status()), "TOO_MANY_UPLOADS");
  }
  ASSERT_TRUE(OpenWriter(first->id)->Finish().ok());
  EXPECT_TRUE(store_->Create("a.pcap").ok());
}

TEST_F(UploadStoreTest, EachOwnerHasAShareOfTheQuota) {
  const UploadStore::Limits limits = {{kQuota, 600}};
  store_ = *UploadStore::Open(folder_.files(), limits);
  const std::string id = store_->Create("a.pcap", {}, "", "anna")->id;
  std::string path;
  {
    const auto writer = OpenWriter(id);
    ASSERT_TRUE(writer->Write(0, std::string(600, 'a')).ok());
    EXPECT_EQ(ReasonOf(writer->Write(600, "b")),
              "UPLOAD_QUOTA_OF_CALLER_EXCEEDED");
    path = writer->Finish()->path;
  }
  for (const bool restarted : {false, true}) {
    if (restarted) store_ = *UploadStore::Open(folder_.files(), limits);
    EXPECT_EQ(ReasonOf(store_->Create("a.pcap", {}, "", "anna").status()),
              "UPLOAD_QUOTA_OF_CALLER_EXCEEDED");
    EXPECT_EQ(store_->FreeBytes("berta"), 400u);
  }
  ASSERT_TRUE(store_->DeleteFile(path).ok());
  EXPECT_EQ(store_->FreeBytes("anna"), 600u);
}

TEST_F(UploadStoreTest, NothingIsWrittenIntoSpaceThatIsToStayFree) {
  store_ = *UploadStore::Open(folder_.files(),
                              {{kQuota, kQuota, uint64_t{1} << 60}});
  EXPECT_EQ(ReasonOf(store_->Create("a.pcap").status()), "FREE_DISK_TOO_SMALL");
}

TEST_F(UploadStoreTest, RemainsOfADaemonThatDiedAreDeleted) {
  const std::string id = Create();
  const std::string folder = folder_.folder() + "/.uploads/" + id;
  ASSERT_EQ(unlink((folder + "/a.pcap").c_str()), 0);
  Restart();
  EXPECT_EQ(CodeOfGet(id), absl::StatusCode::kNotFound);
  EXPECT_NE(access(folder.c_str(), F_OK), 0);
}

TEST_F(UploadStoreTest, AFileThatSomebodyElseHasDeletedNoLongerCounts) {
  const std::string id = Create();
  ASSERT_TRUE(OpenWriter(id)->Write(0, "abc").ok());
  ASSERT_EQ(unlink((folder_.folder() + "/.uploads/" + id + "/a.pcap").c_str()),
            0);
  EXPECT_EQ(store_->OpenWriter(id).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->FreeBytes(), kQuota);
}

class ReplacedStoreTest : public UploadStoreTest {
 protected:
  // Moves the store away, and possibly makes another.
  void Replace(bool makes_another) {
    const std::string& folder = folder_.folder();
    ASSERT_EQ(rename(folder.c_str(), (folder + ".old").c_str()), 0);
    if (makes_another) {
      ASSERT_EQ(mkdir(folder.c_str(), 0755), 0);
    }
  }
};

TEST_F(ReplacedStoreTest, AStoreThatComesBackGoesOn) {
  const std::string id = Create();
  const auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  Replace(false);
  EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kGone);
  EXPECT_EQ(CodeOfGet(id), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->Create("a.pcap").status().code(),
            absl::StatusCode::kUnavailable);
  const std::string& folder = folder_.folder();
  ASSERT_EQ(rename((folder + ".old").c_str(), folder.c_str()), 0);
  EXPECT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kSame);
  EXPECT_EQ(store_->Get(id)->committed_bytes, 3u);
  EXPECT_TRUE(writer->Finish().ok());
}

TEST_F(ReplacedStoreTest, AnotherFolderIsServedWithItsOwnUploads) {
  const std::string id = Create();
  const auto writer = OpenWriter(id);
  ASSERT_TRUE(writer->Write(0, "abc").ok());
  Replace(true);
  ASSERT_EQ(folder_.files()->FindAgain(), FileStore::Presence::kReplaced);
  ASSERT_TRUE(store_->Reload().ok());
  folder_.files()->MarkThere();
  EXPECT_EQ(CodeOfGet(id), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->FreeBytes(), kQuota);
  EXPECT_EQ(ReasonOf(writer->Write(3, "def")), "UPLOAD_NOT_FOUND");
  EXPECT_FALSE(writer->Finish().ok());
  const std::string other = Create();
  const auto next = OpenWriter(other);
  ASSERT_TRUE(next->Write(0, "xy").ok());
  ASSERT_TRUE(next->Finish().ok());
  EXPECT_EQ(access((folder_.folder() + "/uploads/" + other + "/a.pcap").c_str(),
                   F_OK),
            0);
  EXPECT_EQ(store_->FreeBytes(), kQuota - 2);
}

// Exactly one of several concurrent calls for an upload succeeds.
TEST_F(UploadStoreTest, FinishingAndAbandoningExcludeEachOther) {
  for (int round = 0; round < 50; ++round) {
    const std::string id = Create();
    ASSERT_TRUE(OpenWriter(id)->Write(0, "abc").ok());
    std::atomic<int> finished = 0;
    std::atomic<int> deleted = 0;
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        if (i % 2 == 0) {
          auto writer = store_->OpenWriter(id);
          if (writer.ok() && (*writer)->Finish().ok()) ++finished;
        } else if (store_->Delete(id).ok()) {
          ++deleted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(finished + deleted, 1);
    const auto info = store_->Get(id);
    EXPECT_EQ(info.ok(), finished == 1);
    if (info.ok()) {
      EXPECT_TRUE(store_->DeleteFile(info->path).ok());
    }
    EXPECT_EQ(store_->FreeBytes(), kQuota);
  }
}

TEST_F(UploadStoreTest, WritersOfManyUploadsShareTheQuota) {
  std::vector<std::string> ids;
  ids.reserve(4);
  for (int i = 0; i < 4; ++i) ids.push_back(Create());
  std::atomic<uint64_t> written = 0;
  std::vector<std::thread> threads;
  threads.reserve(ids.size());
  for (const std::string& id : ids) {
    threads.emplace_back([&, id] {
      const auto writer = OpenWriter(id);
      uint64_t offset = 0;
      while (writer->Write(offset, "0123456789").ok()) offset += 10;
      written += offset;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(written, kQuota);
  EXPECT_EQ(store_->FreeBytes(), 0u);
  for (const std::string& id : ids) EXPECT_TRUE(store_->Delete(id).ok());
  EXPECT_EQ(store_->FreeBytes(), kQuota);
}

}  // namespace
}  // namespace dissectd::server
