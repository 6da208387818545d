// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/testing/engine_driver.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>

#include "core/base/error.h"
#include "core/ipc/control_packet.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"
#include "tests/decoding/plain_frames.h"

namespace dissectd {
namespace {

// A worker that sends nothing for this long hangs.
constexpr int kPatienceMs = 30'000;
// The limit of frames that crash pass workers.
constexpr uint32_t kMaxCrashes = 16;
constexpr char kEnginePath[] = "core/engine/dissectd-engine";

void AwaitReadable(int fd) {
  pollfd waiting = {fd, POLLIN, 0};
  ASSERT_EQ(poll(&waiting, 1, kPatienceMs), 1) << "nothing came in time";
}

bool ReadExactly(int fd, void* out, size_t size) {
  auto* bytes = static_cast<char*>(out);
  while (size > 0) {
    AwaitReadable(fd);
    const ssize_t got = read(fd, bytes, size);
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

int MemfdWith(const std::string& bytes) {
  const int fd = memfd_create("test", MFD_CLOEXEC);
  EXPECT_EQ(write(fd, bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  lseek(fd, 0, SEEK_SET);
  return fd;
}

// The descriptors that a worker gets, and those that dissectd keeps.
struct Ends {
  int ours;
  int theirs;
  int page_fd;
  ipc::StatusPage* page;
};

Ends MakeEnds() {
  int pair[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  Ends ends = {pair[0], pair[1], MemfdWith(""), nullptr};
  EXPECT_EQ(ftruncate(ends.page_fd, ipc::kStatusPageBytes), 0);
  ends.page = static_cast<ipc::StatusPage*>(mmap(nullptr, ipc::kStatusPageBytes,
                                                 PROT_READ | PROT_WRITE,
                                                 MAP_SHARED, ends.page_fd, 0));
  return ends;
}

}  // namespace

std::vector<std::string> Answer::Stream() const {
  std::vector<std::string> stream;
  for (const v1::DissectResponse& message : messages) {
    if (!message.has_progress()) stream.push_back(message.SerializeAsString());
  }
  return stream;
}

std::vector<v1::PlainFrame> Answer::Frames() const {
  return PlainFrames(messages);
}

v1::Failure Answer::Failure() const {
  v1::Failure failure;
  EXPECT_TRUE(status.has_value());
  if (!status.has_value()) return failure;
  failure.set_message(status->message());
  for (const google::protobuf::Any& any : status->details()) {
    v1::ErrorInfo info;
    v1::InvalidText text;
    if (any.type_url() == kErrorInfoUrl && info.ParseFromString(any.value())) {
      failure.set_reason(info.reason());
      *failure.mutable_metadata() = info.metadata();
    } else if (any.UnpackTo(&text)) {
      *failure.mutable_span() = text.span();
    }
  }
  return failure;
}

DrivenWorker::~DrivenWorker() {
  close(channel_);
  munmap(page_, ipc::kStatusPageBytes);
}

void DrivenWorker::SendMessage(ipc::MessageType type,
                               const std::string& payload,
                               ipc::RequestId request) {
  Send(type, request, payload, {});
}

void DrivenWorker::SendMessageWithFile(ipc::MessageType type,
                                       const std::string& payload,
                                       const std::string& file) {
  const int fd = MemfdWith(file);
  Send(type, 1, payload, {fd});
  close(fd);
}

void DrivenWorker::Send(ipc::MessageType type, ipc::RequestId request,
                        const std::string& payload,
                        const std::vector<int>& fds) {
  ipc::MessageHeader header = {};
  header.type = type;
  header.request_id = request;
  header.length = static_cast<uint32_t>(payload.size());
  std::string frame(reinterpret_cast<const char*>(&header), sizeof(header));
  frame += payload;
  ASSERT_TRUE(ipc::SendWithDescriptors(channel_, frame, fds, MSG_NOSIGNAL));
}

void DrivenWorker::Request(const std::string& name,
                           const v1::DissectRequest& request) {
  SendMessage(ipc::MessageType::kCaptureName, name);
  ipc::DissectionStart start = {};
  start.max_crashes = kMaxCrashes;
  SendMessage(ipc::MessageType::kDissect,
              std::string(ipc::BytesOf(start)) + request.SerializeAsString());
}

std::unique_ptr<DrivenWorker> DrivenWorker::Fork(ipc::RequestId request) {
  const Ends ends = MakeEnds();
  Send(ipc::MessageType::kStartFork, request,
       std::string(ipc::BytesOf(ipc::WorkerLimits())),
       {ends.theirs, ends.page_fd});
  for (const int fd : {ends.theirs, ends.page_fd}) close(fd);
  return std::make_unique<DrivenWorker>(request, ends.ours, ends.page);
}

std::optional<DrivenWorker::RawMessage> DrivenWorker::NextFrame() {
  ipc::MessageHeader header;
  if (!ReadExactly(channel_, &header, sizeof(header))) return std::nullopt;
  RawMessage frame{header.type, header.request_id,
                   std::string(header.length, '\0')};
  if (!ReadExactly(channel_, frame.payload.data(), frame.payload.size())) {
    return std::nullopt;
  }
  return frame;
}

std::optional<v1::DissectResponse> DrivenWorker::Next() {
  const std::optional<RawMessage> frame = NextFrame();
  if (!frame.has_value()) return std::nullopt;
  if (frame->type == ipc::MessageType::kStatus) {
    EXPECT_TRUE(status_.emplace().ParseFromString(frame->payload));
    return std::nullopt;
  }
  EXPECT_EQ(frame->type, ipc::MessageType::kMessage);
  v1::DissectResponse response;
  EXPECT_TRUE(response.ParseFromString(frame->payload));
  return response;
}

Answer DrivenWorker::Finish() {
  Answer answer;
  while (auto message = Next()) answer.messages.push_back(*std::move(message));
  answer.status = status_;
  return answer;
}

EngineDriver::EngineDriver(const std::vector<std::string>& arguments) {
  int pair[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
  control_ = pair[0];
  pid_ = fork();
  if (pid_ == 0) {
    const int inherited = dup(pair[1]);  // Without close-on-exec.
    const std::string option = "--control-fd=" + std::to_string(inherited);
    std::vector<const char*> argv = {kEnginePath, option.c_str()};
    for (const std::string& argument : arguments) {
      argv.push_back(argument.c_str());
    }
    argv.push_back(nullptr);
    execv(kEnginePath, const_cast<char**>(argv.data()));
    _exit(127);
  }
  close(pair[1]);
  const ipc::ControlMessage ready = ReceiveControl();
  EXPECT_EQ(ready.version, ipc::kProtocolVersion);
  EXPECT_EQ(ready.kind, ipc::ControlKind::kReady);
  id_ = ipc::EngineOf(ready);
}

EngineDriver::~EngineDriver() {
  close(control_);
  int status = 0;
  EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

std::unique_ptr<DrivenWorker> EngineDriver::Start(
    ipc::WorkerKind kind, const std::string& capture,
    const ipc::WorkerLimits& limits) {
  const Ends ends = MakeEnds();
  const int capture_fd = MemfdWith(capture);
  ipc::ControlMessage message =
      ipc::MakeControlMessage(ipc::ControlKind::kStartWorker, ++last_id_);
  message.worker_kind = kind;
  message.limits = limits;
  ipc::SetEngine(id_, &message);
  SendControl(message, {ends.theirs, ends.page_fd, capture_fd});
  for (const int fd : {ends.theirs, ends.page_fd, capture_fd}) close(fd);
  return std::make_unique<DrivenWorker>(last_id_, ends.ours, ends.page);
}

void EngineDriver::SendControl(const ipc::ControlMessage& message,
                               const std::vector<int>& fds) {
  EXPECT_TRUE(ipc::SendControlPacket(control_, message, fds));
}

Answer EngineDriver::Dissect(const std::string& capture,
                             const v1::DissectRequest& request,
                             const std::string& name) {
  const auto worker = Start(ipc::WorkerKind::kDissection, capture);
  worker->Request(name, request);
  Answer answer = worker->Finish();
  EXPECT_EQ(WaitForEnd().worker_id, worker->id());
  return answer;
}

void EngineDriver::Kill(const DrivenWorker& worker) {
  SendControl(
      ipc::MakeControlMessage(ipc::ControlKind::kKillWorker, worker.id()));
}

ipc::ControlMessage EngineDriver::WaitForEnd() {
  const ipc::ControlMessage message = ReceiveControl();
  EXPECT_EQ(message.kind, ipc::ControlKind::kWorkerEnded);
  return message;
}

ipc::ControlMessage EngineDriver::ReceiveControl() {
  ipc::ControlMessage message = {};
  AwaitReadable(control_);
  EXPECT_EQ(recv(control_, &message, sizeof(message), 0),
            static_cast<ssize_t>(sizeof(message)));
  return message;
}

}  // namespace dissectd
