// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/testing/played_capture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "dissectd/v1/capture.pb.h"
#include "gtest/gtest.h"
#include "server/base/errors.h"
#include "server/capture/capture_history.h"
#include "server/process/subprocess.h"

namespace dissectd::server {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr char kName[] = "captures/0123456789abcdef0123456789abcdef";

}  // namespace

PlayedCapture::PlayedCapture(IoLoop* loop, std::string store)
    : loop_(loop), store_(std::move(store)), name_(kName) {
  std::filesystem::create_directories(absl::StrCat(store_, "/", name_));
  const std::string fifo = absl::StrCat(store_, "/.sync_pipe");
  EXPECT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  // Opened for reading as well, so that opening doesn't wait.
  sync_pipe_ = UniqueFd(open(fifo.c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_TRUE(sync_pipe_.valid());
  v1::Capture description;
  description.set_name(name_);
  // A capture from a pipe may wait for its first file forever.
  description.mutable_options()->add_interfaces()->set_name("/a/pipe");
  capture_ = std::make_shared<Capture>(&loop->context(),
                                       CaptureHistory(std::move(description)));
  loop_->Post([this, fifo] {
    subscription_ = capture_->Subscribe([this] { OnChange(); });
    const Command command = {"/bin/sh", {"-c", "exec cat \"$0\" >&2", fifo}};
    capture_->Start(command, /*sources=*/{}, [](const absl::Status&) {});
  });
  AwaitEvents(1);
}

PlayedCapture::~PlayedCapture() {
  absl::Notification gone;
  loop_->Post([this, &gone] {
    capture_->Unsubscribe(subscription_);
    capture_.reset();
    gone.Notify();
  });
  gone.WaitForNotification();
}

void PlayedCapture::OnChange() {
  absl::MutexLock lock(&mutex_);
  events_ = capture_->description().last_sequence();
}

void PlayedCapture::AwaitEvents(uint64_t count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [this, count] {
    mutex_.AssertHeld();
    return events_ >= count;
  };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience))
      << "the capture doesn't hear of its dumpcap";
}

void PlayedCapture::Say(char kind, absl::string_view text) {
  uint64_t before = 0;
  {
    absl::MutexLock lock(&mutex_);
    before = events_;
  }
  const size_t size = text.size() + 1;
  const std::string bytes = absl::StrCat(
      std::string(1, kind), std::string(1, '\0'),
      std::string(1, static_cast<char>(size >> 8)),
      std::string(1, static_cast<char>(size)), text, std::string(1, '\0'));
  EXPECT_EQ(write(sync_pipe_.get(), bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  AwaitEvents(before + 1);
}

void PlayedCapture::OpenFile(const std::string& file_name) {
  const std::string path = absl::StrCat(store_, "/", name_, "/", file_name);
  std::ofstream file(path);
  Say('F', path);
}

void PlayedCapture::WritePackets(uint32_t count) {
  Say('P', absl::StrCat(count));
}

void PlayedCapture::End() {
  uint64_t before = 0;
  {
    absl::MutexLock lock(&mutex_);
    before = events_;
  }
  sync_pipe_ = UniqueFd();
  AwaitEvents(before + 1);
}

absl::StatusOr<std::shared_ptr<Capture>> PlayedCapture::Find(
    const std::string& name) const {
  if (name != name_) return errors::CaptureNotFound(name);
  return capture_;
}

}  // namespace dissectd::server
