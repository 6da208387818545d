// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/captures.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_folder.h"
#include "server/capture/capture_history.h"
#include "server/capture/capture_journal.h"
#include "server/capture/journal_file.h"
#include "server/dumpcap/dumpcap.h"
#include "server/extcap/extcap.h"
#include "server/process/command_runner.h"
#include "server/store/file_owners.h"
#include "server/store/file_store.h"

namespace dissectd::server {
namespace {

constexpr char kId[] = "0123456789abcdef0123456789abcdef";
constexpr absl::Duration kPatience = absl::Seconds(30);

// The captures of a daemon that starts after one that died in the middle of a
// capture.
class CapturesTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(store_);
    std::filesystem::create_directories(store_);
    absl::StatusOr<FileStore> files = FileStore::Open(store_);
    ASSERT_TRUE(files.ok()) << files.status();
    files_ = std::make_unique<FileStore>(*std::move(files));
    owners_ = std::make_unique<FileOwners>(files_->root_fd());
    v1::Capture description;
    description.set_name(std::string("captures/") + kId);
    ASSERT_TRUE(MakeCaptureFolder(files_->root_fd(), kId).ok());
    ASSERT_TRUE(JournalFile::Create(files_->root_fd(), kId,
                                    EncodeHistory(CaptureHistory(description)))
                    .ok());
  }

  void Start() {
    Captures::Deps deps = {};
    deps.loop = &loop_;
    deps.pool = &pool_;
    deps.dumpcap = &dumpcap_;
    deps.extcap = &extcap_;
    deps.root = files_->root_fd();
    deps.store = store_;
    deps.limit = 1;
    deps.limit_per_caller = 1;
    deps.owners = owners_.get();
    deps.files = files_.get();
    captures_ = std::make_unique<Captures>(std::move(deps));
  }

  void TearDown() override {
    pool_.join();
    loop_.Stop();
  }

  const std::string store_ = testing::TempDir() + "/captures_test_store";
  std::unique_ptr<FileStore> files_;
  std::unique_ptr<FileOwners> owners_;
  asio::thread_pool pool_{1};
  IoLoop loop_;
  CommandRunner runner_{&loop_.context(), 1};
  Dumpcap dumpcap_{&runner_, "dumpcap"};
  Extcap extcap_{&loop_.context(), {}};
  std::unique_ptr<Captures> captures_;
};

TEST_F(CapturesTest, StoppingDoesNotWaitForTheJournalOfADeletedCapture) {
  // Keeps the journal from being written.
  absl::Notification disk_is_free;
  asio::post(pool_, [&] { disk_is_free.WaitForNotification(); });
  Start();
  absl::Notification begun;
  absl::Notification all_ended;
  absl::Notification deleted;
  loop_.Post([&] {
    captures_->StopAll([&] { all_ended.Notify(); });
    begun.Notify();
  });
  begun.WaitForNotification();
  EXPECT_FALSE(all_ended.HasBeenNotified());
  loop_.Post([&] {
    v1::DeleteCaptureRequest request;
    request.set_name(std::string("captures/") + kId);
    captures_->Delete(request, [&](const absl::Status& status) {
      EXPECT_TRUE(status.ok()) << status;
      deleted.Notify();
    });
  });
  EXPECT_TRUE(all_ended.WaitForNotificationWithTimeout(kPatience));
  disk_is_free.Notify();
  EXPECT_TRUE(deleted.WaitForNotificationWithTimeout(kPatience));
}

TEST_F(CapturesTest, StoppingWaitsForTheJournalsOfOthers) {
  absl::Notification disk_is_free;
  asio::post(pool_, [&] { disk_is_free.WaitForNotification(); });
  Start();
  absl::Notification begun;
  absl::Notification all_ended;
  loop_.Post([&] {
    captures_->StopAll([&] { all_ended.Notify(); });
    begun.Notify();
  });
  begun.WaitForNotification();
  EXPECT_FALSE(all_ended.HasBeenNotified());
  disk_is_free.Notify();
  EXPECT_TRUE(all_ended.WaitForNotificationWithTimeout(kPatience));
}

}  // namespace
}  // namespace dissectd::server
