// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/query_service.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/analysis/watch_statistics.h"
#include "core/base/error.h"
#include "core/base/processor_time.h"
#include "core/base/status_macros.h"
#include "core/dissection/capture_edits.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/live_source.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/sandbox/worker_sandbox.h"
#include "core/session/live_reading.h"
#include "core/session/open_session.h"
#include "core/session/session_capture.h"
#include "core/worker/final_status.h"
#include "core/worker/query_table.h"
#include "core/worker/worker_limits.h"

namespace dissectd::engine {
namespace {

// The indexes of the descriptors of kStartFork.
constexpr size_t kChannel = 0;
constexpr size_t kStatusPage = 1;
constexpr size_t kStartForkFds = 2;

void CloseDescriptors(const WorkerChannel::Message& message) {
  for (const int fd : message.descriptors) close(fd);
}

bool TakeBytes(uint32_t count, absl::string_view* bytes,
               absl::string_view* taken) {
  if (bytes->size() < count) return false;
  *taken = bytes->substr(0, count);
  bytes->remove_prefix(count);
  return true;
}

// Whether a process of a session forks to answer questions once it has answered
// this one.
bool ForksLater(ipc::Query query) {
  return query == ipc::Query::kReadSession ||
         query == ipc::Query::kReadLiveSession ||
         query == ipc::Query::kSkipFrames;
}

}  // namespace

absl::Status QueryService::Run() {
  while (true) {
    RETURN_IF_ERROR(AwaitMessage());
    ASSIGN_OR_RETURN(const WorkerChannel::Message message, channel_->Receive());
    const absl::Cleanup close_all = [&message] { CloseDescriptors(message); };
    RETURN_IF_ERROR(Handle(message));
  }
}

absl::Status QueryService::HandleWaiting() {
  const int forks = forks_.has_value() ? forks_->fd() : -1;
  pollfd fds[] = {{channel_->fd(), POLLIN, 0}, {forks, POLLIN, 0}};
  while (poll(fds, 2, 0) > 0) {
    if (fds[1].revents != 0) RETURN_IF_ERROR(ReportEndedForks());
    if (fds[0].revents == 0) continue;
    ASSIGN_OR_RETURN(const WorkerChannel::Message message, channel_->Receive());
    RETURN_IF_ERROR(HandleWhileReading(message));
  }
  return absl::OkStatus();
}

absl::Status QueryService::HandleWhileReading(
    const WorkerChannel::Message& message) {
  const absl::Cleanup close_all = [&message] { CloseDescriptors(message); };
  return message.type == ipc::MessageType::kQuery ? UnexpectedMessage()
                                                  : Handle(message);
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

absl::Status QueryService::Handle(const WorkerChannel::Message& message) {
  switch (message.type) {
    case ipc::MessageType::kQuery:
      return AnswerAndReport(message);
    case ipc::MessageType::kStartFork:
      return StartFork(message);
    case ipc::MessageType::kCancel:
      // The fork may have ended by itself meanwhile.
      if (forks_.has_value()) forks_->Kill(message.request_id);
      return absl::OkStatus();
    default:
      return UnexpectedMessage();
  }
}

absl::Status QueryService::AnswerAndReport(
    const WorkerChannel::Message& message) {
  channel_->set_request(message.request_id);
  context_.output = message.descriptor();
  context_.inputs.clear();
  if (message.descriptors.size() > 1) {
    context_.inputs.assign(message.descriptors.begin() + 1,
                           message.descriptors.end());
  }
  if (restart_ != nullptr) {
    context_.restart = [this, &message](const InitOptions& options) {
      return restart_(message, options);
    };
  }
  const absl::Status answered = Answer(message);
  // dissectd doesn't listen any more.
  if (absl::IsCancelled(answered)) return answered;
  return channel_->Send(ipc::MessageType::kStatus, {SerializeStatus(answered)});
}

absl::Status QueryService::Answer(const WorkerChannel::Message& message) {
  absl::string_view request = message.payload;
  ipc::QueryHeader header = {};
  if (!ipc::TakeStruct(&request, &header)) return UnexpectedMessage();
  context_.max_output_bytes = header.max_output_bytes;
  context_.max_records =
      header.limits_records != 0 ? header.max_records : UINT32_MAX;
  RETURN_IF_ERROR(TakeCrashes(header.crash_count, &request));
  context_.send_frames = [this](absl::Span<const absl::string_view> pieces,
                                uint32_t last_frame) {
    return channel_->SendFrames(pieces, last_frame);
  };
  if (!TakeBytes(header.edit_bytes, &request, &context_.edits) ||
      !TakeBytes(header.kept_bytes, &request, &context_.kept_records) ||
      !TakeBytes(header.name_bytes, &request, &context_.input_names)) {
    return UnexpectedMessage();
  }
  const auto send = [this](absl::string_view response) {
    return channel_->Send(ipc::MessageType::kMessage, {response});
  };
  if (ForksLater(header.query)) KeepPriority();
  if (header.query == ipc::Query::kOpenSession) return Open(request, send);
  if (header.query == ipc::Query::kWatchStatistics) return Watch(request);
  const QueryFn answer = FindQuery(header.query);
  const bool reads_live = header.query == ipc::Query::kReadLiveSession;
  if (answer == nullptr && !reads_live) return UnexpectedMessage();
  if (NeedsTrust(header.query) && !context_.trusted) {
    return absl::InternalError(
        "a query about the engine came to a worker of another kind");
  }
  RETURN_IF_ERROR(BeginSessionQuery(context_.session, header.query));
  if (context_.session != nullptr && !context_.edits.empty()) {
    ASSIGN_OR_RETURN(const CaptureEdits edits,
                     CaptureEdits::Parse(context_.edits, ""));
    context_.session->Mark(edits);
  }
  if (reads_live) return ReadLive(send);
  return answer(context_, request, send);
}

absl::Status QueryService::TakeCrashes(uint32_t count,
                                       absl::string_view* request) {
  std::vector<ipc::KnownCrash> crashes;
  for (uint32_t i = 0; i < count; ++i) {
    if (!ipc::TakeStruct(request, &crashes.emplace_back())) {
      return UnexpectedMessage();
    }
  }
  if (context_.session != nullptr) {
    context_.session->SetCrashes(std::move(crashes));
  }
  return absl::OkStatus();
}

absl::Status QueryService::Open(absl::string_view request, SendResponse send) {
  if (!may_open_session_ || session_ != nullptr) return UnexpectedMessage();
  ASSIGN_OR_RETURN(session_, OpenSession(context_, request, send));
  context_.session = session_.get();
  return absl::OkStatus();
}

absl::Status QueryService::ReadLive(SendResponse send) {
  LiveSource live(channel_);
  live.SetWait([this] { return AwaitMessage(); });
  RETURN_IF_ERROR(live.Begin());
  LiveReading reading({context_.session->opened(), &live,
                       &context_.session->crashes(),
                       [this](const WorkerChannel::Message& message) {
                         return HandleWhileReading(message);
                       },
                       [this] { return HandleWaiting(); }});
  return reading.Run(send);
}

absl::Status QueryService::Watch(absl::string_view request) {
  if (!may_open_session_ || session_ != nullptr || watch_ != nullptr) {
    return UnexpectedMessage();
  }
  ASSIGN_OR_RETURN(watch_, StatisticsWatch::Create(context_, request));
  context_.watch = watch_.get();
  LiveSource live(channel_);
  live.SetWait([this] { return AwaitMessage(); });
  return watch_->Run(&live, [this](const WorkerChannel::Message& message) {
    return HandleWhileReading(message);
  });
}

absl::Status QueryService::StartFork(const WorkerChannel::Message& message) {
  if (message.descriptors.size() != kStartForkFds) return UnexpectedMessage();
  if (!forks_.has_value()) forks_.emplace();
  if (context_.session != nullptr) context_.session->PrepareFork();
  const pid_t pid = forks_->Fork(message.request_id);
  if (pid == 0) BecomeFork(message);
  if (pid > 0) return absl::OkStatus();
  const ipc::ForkEnded failed = {0, errno};
  return channel_->Send(ipc::MessageType::kForkEnded, message.request_id,
                        {ipc::BytesOf(failed)});
}

void QueryService::BecomeFork(const WorkerChannel::Message& message) {
  // Only the worker answers on its channel, which closes when the worker ends.
  close(channel_->fd());
  WorkerChannel channel(message.descriptors[kChannel]);
  context_.restart = nullptr;
  absl::string_view payload = message.payload;
  ipc::WorkerLimits limits = {};
  absl::Status status = ipc::TakeStruct(&payload, &limits)
                            ? ApplyWorkerLimits(limits)
                            : UnexpectedMessage();
  if (status.ok()) {
    status = CrashReporter::Install(message.descriptors[kStatusPage]);
  }
  YieldAfter(kTimeBeforeYielding);
  WorkerSandbox::SetQueryFork();
  if (status.ok()) status = WorkerSandbox::ConfineReading();
  if (status.ok() && context_.session != nullptr) {
    status = context_.session->BeginFork();
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
