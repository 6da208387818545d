// SPDX-License-Identifier: GPL-2.0-or-later

// Tests JournalFile and JournalWriter with real files.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/io_loop.h"
#include "server/base/testing/file_size_limit.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_folder.h"
#include "server/capture/capture_history.h"
#include "server/capture/capture_journal.h"
#include "server/capture/journal_file.h"
#include "server/capture/journal_writer.h"

namespace dissectd::server {
namespace {

constexpr char kId[] = "one";

v1::CaptureEvent Written(uint64_t total) {
  v1::CaptureEvent event;
  event.mutable_packets_written()->set_new_packets(1);
  event.mutable_packets_written()->set_total_packets(total);
  return event;
}

v1::CaptureEvent Opened(const std::string& file) {
  v1::CaptureEvent event;
  event.mutable_file_opened()->set_file(file);
  return event;
}

// Returns the number of this process's descriptors of a file or folder.
int CountOpen(const std::filesystem::path& path) {
  const std::filesystem::path whole = std::filesystem::canonical(path);
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (std::filesystem::read_symlink(entry, error) == whole) ++count;
  }
  return count;
}

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = absl::StrCat(
        ::testing::TempDir(), "/",
        ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(store_);
    std::filesystem::create_directories(store_);
    root_ = UniqueFd(open(store_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(MakeCaptureFolder(root_.get(), kId).ok());
    v1::Capture description;
    description.set_name("captures/one");
    history_ = CaptureHistory(description);
  }

  // Adds an event, and returns its entry.
  std::string Add(v1::CaptureEvent event) {
    history_.Add(std::move(event));
    return EncodeEvent(
        *history_.log().After(history_.log().last_sequence() - 1));
  }

  std::string Path() const { return store_ + "/captures/one/.journal"; }

  void ExpectRecorded() const {
    const std::optional<CaptureJournal> read = ReadJournal(root_.get(), kId);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->history.description().DebugString(),
              history_.description().DebugString());
    EXPECT_EQ(read->size, std::filesystem::file_size(Path()));
  }

  std::string store_;
  UniqueFd root_;
  CaptureHistory history_;
};

TEST_F(JournalTest, IsAppendedTo) {
  absl::StatusOr<JournalFile> file =
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append(Add(Opened("a")), true).ok());
  ASSERT_TRUE(file->Append(Add(Written(1)), false).ok());
  ExpectRecorded();
}

TEST_F(JournalTest, WithoutItACaptureThatWasBegunIsDeleted) {
  const std::string folder = store_ + "/captures/one";
  std::ofstream(folder + "/capture.pcapng") << "x";
  ASSERT_TRUE(
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_)).ok());
  // As if compacting it were interrupted.
  std::ofstream(folder + "/.journal.new") << "x";
  DeleteUnfinishedFolder(root_.get(), kId);
  EXPECT_TRUE(std::filesystem::exists(folder + "/capture.pcapng"));
  std::filesystem::remove(Path());
  DeleteUnfinishedFolder(root_.get(), kId);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(JournalTest, FilesThatWereKeptStay) {
  ASSERT_TRUE(
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_)).ok());
  const std::string file = store_ + "/captures/one/capture.pcapng";
  std::ofstream(file) << "x";
  ASSERT_TRUE(DeleteCaptureFolder(root_.get(), kId, false).ok());
  DeleteUnfinishedFolder(root_.get(), kId);
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(JournalTest, GoesOnAfterATornTail) {
  ASSERT_TRUE(
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_)).ok());
  std::ofstream(Path(), std::ios::app) << "half an entry";
  const std::optional<CaptureJournal> read = ReadJournal(root_.get(), kId);
  ASSERT_TRUE(read.has_value());
  absl::StatusOr<JournalFile> file =
      JournalFile::Open(root_.get(), kId, read->size);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append(Add(Opened("a")), true).ok());
  ExpectRecorded();
}

TEST_F(JournalTest, StaysSmall) {
  absl::StatusOr<JournalFile> file =
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append(Add(Opened("a")), true).ok());
  for (uint64_t i = 1; i <= 100'000; ++i) {
    ASSERT_TRUE(file->Append(Add(Written(i)), false).ok());
    ASSERT_LE(file->size(), JournalFile::kMaxSize);
  }
  ExpectRecorded();
  ASSERT_TRUE(file->Compact().ok());
  EXPECT_LT(file->size(), 20'000u);
  ExpectRecorded();
  ASSERT_TRUE(file->Append(Add(Written(100'001)), false).ok());
  ExpectRecorded();
}

TEST_F(JournalTest, IsAsBeforeWhenItCannotBeWritten) {
  absl::StatusOr<JournalFile> file =
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->Append(Add(Opened("a")), true).ok());
  const std::string next = Add(Written(1));
  {
    // There is room for half of the entry.
    const FileSizeLimit limit(file->size() + next.size() / 2);
    EXPECT_FALSE(file->Append(next, true).ok());
  }
  ASSERT_TRUE(file->Append(next, true).ok());
  ExpectRecorded();
}

TEST_F(JournalTest, OthersFilesAreNoJournals) {
  EXPECT_FALSE(ReadJournal(root_.get(), kId).has_value());
  EXPECT_FALSE(ReadJournal(root_.get(), "none").has_value());
  history_ = CaptureHistory(v1::Capture());
  std::ofstream(Path(), std::ios::binary) << EncodeHistory(history_);
  EXPECT_FALSE(ReadJournal(root_.get(), kId).has_value());
}

TEST_F(JournalTest, IsDeletedAfterTheFilesOfTheCapture) {
  ASSERT_TRUE(
      JournalFile::Create(root_.get(), kId, EncodeHistory(history_)).ok());
  // A folder can't be deleted as a file.
  const std::string file = store_ + "/captures/one/capture.pcapng";
  std::filesystem::create_directory(file);
  EXPECT_FALSE(DeleteCaptureFolder(root_.get(), kId, true).ok());
  ExpectRecorded();
  std::filesystem::remove(file);
  std::ofstream(file) << "packets";
  EXPECT_TRUE(DeleteCaptureFolder(root_.get(), kId, true).ok());
  EXPECT_TRUE(ListCaptureFolders(root_.get()).empty());
}

class JournalWriterTest : public JournalTest {
 protected:
  void SetUp() override {
    JournalTest::SetUp();
    JournalWriter::Deps deps = {&loop_, asio::make_strand(pool_), root_.get(),
                                nullptr, nullptr};
    deps.on_error = [this](const absl::Status& error) {
      errors_.push_back(error);
    };
    deps.on_done = [] {};
    writer_ = std::make_shared<JournalWriter>(kId, &history_, std::move(deps));
  }

  void TearDown() override {
    OnLoop([this] { writer_->Close(); });
    pool_.join();
    OnLoop([this] { writer_.reset(); });
    loop_.Stop();
  }

  void OnLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop_.Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  void AwaitDone() {
    bool done = false;
    while (!done) OnLoop([&] { done = writer_->is_done(); });
  }

  void Create() {
    OnLoop([this] { writer_->Create([](const absl::Status&) {}); });
    AwaitDone();
  }

  void AddOnLoop(const v1::CaptureEvent& event) {
    OnLoop([this, event] {
      history_.Add(event);
      writer_->Advance();
    });
  }

  IoLoop loop_;
  asio::thread_pool pool_{2};
  std::shared_ptr<JournalWriter> writer_;
  std::vector<absl::Status> errors_;
};

TEST_F(JournalWriterTest, WritesAllEventsInOrder) {
  Create();
  AddOnLoop(Opened("a"));
  for (uint64_t i = 1; i <= 5'000; ++i) AddOnLoop(Written(i));
  AwaitDone();
  ExpectRecorded();
  EXPECT_TRUE(errors_.empty());
}

TEST_F(JournalWriterTest, ReportsAFullDiskOnceAndWritesWhatIsMissingLater) {
  Create();
  AddOnLoop(Opened("a"));
  AwaitDone();
  {
    const FileSizeLimit limit(std::filesystem::file_size(Path()));
    for (uint64_t i = 1; i <= 10; ++i) AddOnLoop(Written(i));
    AwaitDone();
    EXPECT_EQ(errors_.size(), 1u);
  }
  // The writer tries again after ten seconds.
  const auto recorded = [this] {
    const std::optional<CaptureJournal> read = ReadJournal(root_.get(), kId);
    return read.has_value() &&
           read->history.description().packets_written() == 10;
  };
  for (int i = 0; i < 600 && !recorded(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  AwaitDone();
  ExpectRecorded();
  EXPECT_EQ(errors_.size(), 1u);
}

TEST_F(JournalWriterTest, ResumesAnInterruptedJournal) {
  history_.Add(Opened("a"));
  const std::string contents = EncodeHistory(history_);
  std::ofstream(Path(), std::ios::binary) << contents << "torn";
  v1::CaptureEvent end;
  end.mutable_stopped()->set_reason(v1::STOP_REASON_INTERRUPTED);
  OnLoop([&] {
    history_.AddAfterRestart(end);
    writer_->Resume(contents.size(), 1);
  });
  AwaitDone();
  ExpectRecorded();
}

// Captures that have ended are kept until they are deleted.
TEST_F(JournalWriterTest, ClosesTheFileAtTheEnd) {
  Create();
  AddOnLoop(Opened("a"));
  AwaitDone();
  EXPECT_EQ(CountOpen(Path()), 1);
  v1::CaptureEvent end;
  end.mutable_stopped()->set_reason(v1::STOP_REASON_REQUESTED);
  AddOnLoop(end);
  AwaitDone();
  EXPECT_EQ(CountOpen(Path()), 0);
  EXPECT_EQ(CountOpen(std::filesystem::path(Path()).parent_path()), 0);
  ExpectRecorded();
}

}  // namespace
}  // namespace dissectd::server
