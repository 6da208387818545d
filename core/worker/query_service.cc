// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/query_service.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/worker/final_status.h"
#include "core/worker/query_table.h"
#include "core/worker/worker_limits.h"

namespace dissectd::engine {
namespace {

// The indexes of the descriptors of kStartFork.
constexpr size_t kChannel = 0;
constexpr size_t kStatusPage = 1;
constexpr size_t kStartForkFds = 2;

}  // namespace

absl::Status QueryService::Run() {
  while (true) {
    RETURN_IF_ERROR(AwaitMessage());
    ASSIGN_OR_RETURN(const WorkerChannel::Frame frame, channel_->Receive());
    const absl::Cleanup close_all = [&frame] {
      for (const int fd : frame.descriptors) close(fd);
    };
    RETURN_IF_ERROR(Handle(frame));
  }
}

absl::Status QueryService::AwaitMessage() {
  while (forks_.has_value()) {
    pollfd fds[] = {{channel_->fd(), POLLIN, 0}, {forks_->fd(), POLLIN, 0}};
    if (poll(fds, 2, -1) < 0 && errno != EINTR) {
      return absl::InternalError(absl::StrCat("poll: ", std::strerror(errno)));
    }
    if (fds[1].revents != 0) RETURN_IF_ERROR(ReportEndedForks());
    if (fds[0].revents != 0) break;
  }
  return absl::OkStatus();
}

absl::Status QueryService::Handle(const WorkerChannel::Frame& frame) {
  switch (frame.kind) {
    case ipc::MessageType::kQuery:
      return AnswerAndReport(frame);
    case ipc::MessageType::kStartFork:
      return StartFork(frame);
    case ipc::MessageType::kCancel:
      // The fork may have ended by itself meanwhile.
      if (forks_.has_value()) forks_->Kill(frame.request_id);
      return absl::OkStatus();
    default:
      return UnexpectedFrame();
  }
}

absl::Status QueryService::AnswerAndReport(const WorkerChannel::Frame& frame) {
  channel_->set_request(frame.request_id);
  context_.output = frame.descriptor();
  const absl::Status answered = Answer(frame);
  // dissectd doesn't listen any more.
  if (absl::IsCancelled(answered)) return answered;
  return channel_->Send(ipc::MessageType::kStatus, {SerializeStatus(answered)});
}

absl::Status QueryService::Answer(const WorkerChannel::Frame& frame) {
  absl::string_view request = frame.payload;
  ipc::QueryHeader header = {};
  if (!ipc::TakeStruct(&request, &header)) return UnexpectedFrame();
  context_.max_output_bytes = header.max_output_bytes;
  const QueryFn answer = FindQuery(header.query);
  if (answer == nullptr) return UnexpectedFrame();
  if (NeedsTrust(header.query) && !context_.trusted) {
    return absl::InternalError(
        "a query about the engine came to a worker of another kind");
  }
  return answer(context_, request, [this](absl::string_view response) {
    return channel_->Send(ipc::MessageType::kMessage, {response});
  });
}

absl::Status QueryService::StartFork(const WorkerChannel::Frame& frame) {
  if (frame.descriptors.size() != kStartForkFds) return UnexpectedFrame();
  if (!forks_.has_value()) forks_.emplace();
  const pid_t pid = forks_->Fork(frame.request_id);
  if (pid == 0) BecomeFork(frame);
  if (pid > 0) return absl::OkStatus();
  const ipc::ForkEnded failed = {0, errno};
  return channel_->Send(ipc::MessageType::kForkEnded, frame.request_id,
                        {ipc::BytesOf(failed)});
}

void QueryService::BecomeFork(const WorkerChannel::Frame& frame) {
  // Only the worker answers on its channel, which closes when the worker ends.
  close(channel_->fd());
  WorkerChannel channel(frame.descriptors[kChannel]);
  absl::string_view payload = frame.payload;
  ipc::WorkerLimits limits = {};
  absl::Status status = ipc::TakeStruct(&payload, &limits)
                            ? ApplyWorkerLimits(limits)
                            : UnexpectedFrame();
  if (status.ok()) {
    status = CrashReporter::Install(frame.descriptors[kStatusPage]);
  }
  if (status.ok()) status = QueryService(context_, &channel).Run();
  _exit(SendFinalStatus(status, &channel));
}

absl::Status QueryService::ReportEndedForks() {
  for (const Forks::Ended& fork : forks_->Reap()) {
    const ipc::ForkEnded ended = {fork.pid, fork.wait_status};
    RETURN_IF_ERROR(channel_->Send(ipc::MessageType::kForkEnded,
                                   static_cast<ipc::RequestId>(fork.id),
                                   {ipc::BytesOf(ended)}));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
