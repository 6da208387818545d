// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/testing/fake_workers.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <csignal>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"
#include "gtest/gtest.h"

namespace dissectd::server {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

}  // namespace

bool FakeWorker::ReceiveBytes(void* bytes, size_t size,
                              std::vector<UniqueFd>* fds) {
  auto* next = static_cast<char*>(bytes);
  while (size > 0) {
    pollfd readable = {channel_.get(), POLLIN, 0};
    const auto timeout = static_cast<int>(absl::ToInt64Milliseconds(kPatience));
    if (poll(&readable, 1, timeout) <= 0) {
      ADD_FAILURE() << "a worker is sent nothing";
      return false;
    }
    std::vector<int> received;
    const ssize_t count =
        ipc::ReceiveWithDescriptors(channel_.get(), next, size, &received);
    for (const int fd : received) fds->emplace_back(fd);
    if (count <= 0) return false;
    next += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

std::optional<FakeWorker::Message> FakeWorker::Receive() {
  ipc::MessageHeader header = {};
  Message message = {};
  if (!ReceiveBytes(&header, sizeof(header), &message.fds)) return std::nullopt;
  message.type = header.type;
  message.request = header.request_id;
  message.payload.resize(header.length);
  if (!ReceiveBytes(message.payload.data(), header.length, &message.fds)) {
    return std::nullopt;
  }
  return message;
}

std::pair<FakeWorker, ipc::RequestId> FakeWorker::ReceiveFork() {
  std::optional<Message> message = Receive();
  if (!message.has_value() || message->type != ipc::MessageType::kStartFork ||
      message->fds.empty()) {
    ADD_FAILURE() << "a worker is not told to fork";
    return {};
  }
  return {FakeWorker(std::move(message->fds[0])), message->request};
}

void FakeWorker::Send(ipc::MessageType type, ipc::RequestId request,
                      absl::string_view payload) {
  ipc::MessageHeader header = {};
  header.length = static_cast<uint32_t>(payload.size());
  header.request_id = request;
  header.type = type;
  EXPECT_TRUE(ipc::SendWithDescriptors(
      channel_.get(), absl::StrCat(ipc::BytesOf(header), payload), {}, 0));
}

void FakeWorker::SendOk(ipc::RequestId request) {
  // An empty dissectd.v1.StatusDetails has the code OK.
  Send(ipc::MessageType::kStatus, request, "");
}

uint64_t FakeWorkers::StartWorker(WorkerStart start, EndedFn ended) {
  absl::MutexLock lock(&mutex_);
  const uint64_t id = ++last_id_;
  new_.emplace_back(FakeWorker(std::move(start.channel)), id);
  running_[id] = std::move(ended);
  return id;
}

void FakeWorkers::KillWorker(uint64_t id) {
  End(id, {WorkerEnd::Kind::kSignaled, SIGKILL});
}

std::pair<FakeWorker, uint64_t> FakeWorkers::Next() {
  absl::MutexLock lock(&mutex_);
  const auto has_new = [this] {
    mutex_.AssertHeld();
    return !new_.empty();
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&has_new), kPatience)) {
    ADD_FAILURE() << "no worker is started";
    return {};
  }
  std::pair<FakeWorker, uint64_t> next = std::move(new_.front());
  new_.pop_front();
  return next;
}

void FakeWorkers::End(uint64_t id, const WorkerEnd& end) {
  loop_->Post([this, id, end] {
    EndedFn ended;
    {
      absl::MutexLock lock(&mutex_);
      const auto found = running_.find(id);
      if (found == running_.end()) return;
      ended = std::move(found->second);
      running_.erase(found);
    }
    ended(end);
  });
}

}  // namespace dissectd::server
