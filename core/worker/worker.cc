// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/worker.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/file_dissection.h"
#include "core/dissection/live_source.h"
#include "core/dissection/protocol_count.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"
#include "core/worker/follow_service.h"
#include "core/worker/query_service.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

class Worker {
 public:
  Worker(const WorkerFds& fds, const WorkerPolicy& policy, Epan* epan)
      : fds_(fds), policy_(policy), epan_(epan), channel_(fds.channel) {}

  // Returns the exit status of the process.
  int Run();

 private:
  absl::Status Serve();
  absl::Status Dissect(const std::string& bytes);
  absl::Status Follow(const std::string& bytes);
  absl::Status CountProtocols();
  absl::Status AnswerQueries(const WorkerChannel::Frame& first);
  // Applies the settings of `bytes`, a DissectRequest.
  absl::Status Prepare(const std::string& bytes);
  absl::StatusOr<CaptureFile> OpenCapture();

  const WorkerFds fds_;
  const WorkerPolicy policy_;
  Epan* const epan_;
  WorkerChannel channel_;
  LiveSource live_{&channel_};
  std::string capture_name_;
  DissectRequest request_;
  // What serves the request.
  std::unique_ptr<StreamEncoder> encoder_;
  std::unique_ptr<FileDissection> dissection_;
  std::unique_ptr<FollowService> follow_;
  std::unique_ptr<ProtocolCount> count_;
};

absl::Status Worker::Serve() {
  RETURN_IF_ERROR(CrashReporter::Install(fds_.status_page));
  ASSIGN_OR_RETURN(WorkerChannel::Frame name,
                   channel_.Receive(ipc::MessageType::kCaptureName));
  capture_name_ = std::move(name.payload);
  ASSIGN_OR_RETURN(const WorkerChannel::Frame frame, channel_.Receive());
  switch (frame.kind) {
    case ipc::MessageType::kDissect:
      return Dissect(frame.payload);
    case ipc::MessageType::kFollow:
      return Follow(frame.payload);
    case ipc::MessageType::kCount:
      return CountProtocols();
    case ipc::MessageType::kQuery:
      return AnswerQueries(frame);
    default:
      return UnexpectedFrame();
  }
}

absl::Status Worker::Prepare(const std::string& bytes) {
  ASSIGN_OR_RETURN(request_, ParseDissectRequest(bytes));
  if (NeedsOwnInitialisation(request_, policy_)) epan_->Close();
  return ApplySettings(request_, policy_);
}

absl::StatusOr<CaptureFile> Worker::OpenCapture() {
  return CaptureFile::Open(fds_.capture, capture_name_,
                           request_.options.two_pass);
}

absl::Status Worker::Dissect(const std::string& bytes) {
  RETURN_IF_ERROR(Prepare(bytes));
  ASSIGN_OR_RETURN(
      encoder_,
      StreamEncoder::Create(
          request_, [this](absl::Span<const absl::string_view> pieces) {
            return channel_.Send(ipc::MessageType::kMessage, pieces);
          }));
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  ASSIGN_OR_RETURN(
      dissection_,
      FileDissection::Create(request_, std::move(file),
                             {epan_, encoder_.get(), policy_.pass_workers}));
  return dissection_->Run();
}

absl::Status Worker::Follow(const std::string& bytes) {
  RETURN_IF_ERROR(Prepare(bytes));
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  RETURN_IF_ERROR(live_.Begin());
  follow_ = std::make_unique<FollowService>(
      request_, FollowService::Deps{epan_, &channel_, &live_});
  return follow_->Run(std::move(file));
}

absl::Status Worker::CountProtocols() {
  RETURN_IF_ERROR(ApplySettings(request_, policy_));
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  RETURN_IF_ERROR(live_.Begin());
  count_ = std::make_unique<ProtocolCount>(request_, std::move(file), epan_,
                                           &channel_, &live_);
  return count_->Run();
}

absl::Status Worker::AnswerQueries(const WorkerChannel::Frame& first) {
  QueryContext context;
  context.epan = epan_;
  context.allow_external_resolver = policy_.allow_external_resolver;
  context.capture = fds_.capture;
  context.capture_name = capture_name_;
  return QueryService(context, &channel_).Run(first);
}

int Worker::Run() {
  const absl::Status status = Serve();
  if (absl::IsCancelled(status)) return 0;
  if (absl::IsInternal(status)) {
    spdlog::error("worker: {}", std::string(status.message()));
  }
  const absl::Status sent =
      channel_.Send(ipc::MessageType::kStatus, {SerializeStatus(status)});
  return sent.ok() || absl::IsCancelled(sent) ? 0 : 1;
}

}  // namespace

void RunWorker(const WorkerFds& fds, const WorkerPolicy& policy, Epan* epan) {
  Worker worker(fds, policy, epan);
  // Neither exit(), as handlers and static objects belong to the engine, nor
  // the destructors of the worker: to give back piece by piece what the end of
  // the process frees at once takes time.
  _exit(worker.Run());
}

}  // namespace dissectd::engine
