// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/worker.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/base/private_folder.h"
#include "core/base/processor_time.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/file_dissection.h"
#include "core/dissection/live_source.h"
#include "core/dissection/protocol_count.h"
#include "core/dissection/resumption.h"
#include "core/encode/coloring_rules.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/ipc/log_line.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"
#include "core/sandbox/process_rights.h"
#include "core/sandbox/worker_sandbox.h"
#include "core/worker/final_status.h"
#include "core/worker/follow_service.h"
#include "core/worker/query_service.h"
#include "core/worker/restart.h"
#include "core/worker/worker_limits.h"

namespace dissectd::engine {
namespace {

class Worker {
 public:
  Worker(const WorkerStart& start, const WorkerPolicy& policy, Epan* epan,
         std::vector<WorkerChannel::Message> messages)
      : start_(start),
        policy_(policy),
        epan_(epan),
        channel_(start.fds.channel) {
    channel_.ReceiveFirst(std::move(messages));
  }

  // Returns the exit status of the process.
  int Run();

 private:
  absl::Status Serve();
  absl::Status Dissect();
  absl::Status Follow();
  absl::Status CountProtocols();
  absl::Status AnswerQueries();
  // Receives the request of a worker that serves only one.
  absl::StatusOr<WorkerChannel::Message> ReceiveRequest(ipc::MessageType type);
  // Applies the settings of a serialised DissectRequest, which `message` has.
  absl::Status Prepare(const WorkerChannel::Message& message,
                       absl::string_view request);
  // Begins again, and then receives `message` again.
  absl::Status RestartWith(const WorkerChannel::Message& message,
                           const InitOptions& options) const;
  absl::StatusOr<CaptureFile> OpenCapture();

  const WorkerStart start_;
  const WorkerPolicy policy_;
  Epan* const epan_;
  WorkerChannel channel_;
  LiveSource live_{&channel_};
  std::string capture_name_;
  DissectRequest request_;
  // The objects that serve the request.
  std::unique_ptr<StreamEncoder> encoder_;
  std::unique_ptr<FileDissection> dissection_;
  std::unique_ptr<FollowService> follow_;
  std::unique_ptr<ProtocolCount> count_;
};

absl::Status Worker::Serve() {
  KeepMemoryPrivate();
  WorkerSandbox::SetWorker(start_.kind, start_.fds.capture);
  RETURN_IF_ERROR(ApplyWorkerLimits(start_.limits));
  RETURN_IF_ERROR(CrashReporter::Install(start_.fds.status_page));
  ASSIGN_OR_RETURN(WorkerChannel::Message name,
                   channel_.Receive(ipc::MessageType::kCaptureName));
  capture_name_ = std::move(name.payload);
  switch (start_.kind) {
    case ipc::WorkerKind::kDissection:
      return Dissect();
    case ipc::WorkerKind::kLive:
      return Follow();
    case ipc::WorkerKind::kStatistics:
      return CountProtocols();
    case ipc::WorkerKind::kQuery:
    case ipc::WorkerKind::kEngineQuery:
    case ipc::WorkerKind::kSession:
    case ipc::WorkerKind::kLiveSession:
      return AnswerQueries();
  }
  return absl::InternalError("a worker was started with an unknown kind");
}

absl::StatusOr<WorkerChannel::Message> Worker::ReceiveRequest(
    ipc::MessageType type) {
  ASSIGN_OR_RETURN(WorkerChannel::Message message, channel_.Receive(type));
  channel_.set_request(message.request_id);
  return message;
}

absl::Status Worker::RestartWith(const WorkerChannel::Message& message,
                                 const InitOptions& options) const {
  RestartState state;
  state.start = start_;
  state.pass_workers = policy_.pass_workers;
  state.options = options;
  state.engine_folder = EngineFolder();
  state.messages = {{ipc::MessageType::kCaptureName, 0, capture_name_, {}},
                    {ipc::MessageType::kLogIds, 0, ipc::LogIds(), {}},
                    message};
  return Restart(state);
}

absl::Status Worker::Prepare(const WorkerChannel::Message& message,
                             absl::string_view request) {
  ASSIGN_OR_RETURN(request_, ParseDissectRequest(request));
  if (start_.kind == ipc::WorkerKind::kDissection &&
      request_.options.two_pass) {
    WorkerSandbox::AllowPassWorkers();
  }
  WorkerPolicy policy = policy_;
  policy.restart = [&](const InitOptions& options) {
    return RestartWith(message, options);
  };
  if (NeedsOwnInitialisation(request_, policy)) epan_->Close();
  // Settings may take the right to read files away.
  if (request_.view.colors) LoadColoringRules();
  return ApplySettings(request_, policy);
}

absl::StatusOr<CaptureFile> Worker::OpenCapture() {
  return CaptureFile::Open(start_.fds.capture, capture_name_,
                           request_.options.two_pass, EmptyFile::kRefuse,
                           request_.read_format);
}

absl::Status Worker::Dissect() {
  ASSIGN_OR_RETURN(WorkerChannel::Message message,
                   ReceiveRequest(ipc::MessageType::kDissect));
  absl::string_view rest = message.payload;
  ASSIGN_OR_RETURN(Resumption resumption, Resumption::Take(&rest));
  RETURN_IF_ERROR(Prepare(message, rest));
  YieldAfter(kTimeBeforeYielding);
  ASSIGN_OR_RETURN(
      encoder_, StreamEncoder::Create(
                    request_, [this](absl::Span<const absl::string_view> pieces,
                                     uint32_t last_frame) {
                      return channel_.SendFrames(pieces, last_frame);
                    }));
  encoder_->SetFrameKeeper([this](absl::string_view capture) {
    return channel_.Send(ipc::MessageType::kCrashingFrame, {capture});
  });
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  ASSIGN_OR_RETURN(
      dissection_,
      FileDissection::Create(request_, std::move(file),
                             {epan_, encoder_.get(), policy_.pass_workers,
                              std::move(resumption)}));
  return dissection_->Run();
}

absl::Status Worker::Follow() {
  ASSIGN_OR_RETURN(WorkerChannel::Message message,
                   ReceiveRequest(ipc::MessageType::kFollow));
  RETURN_IF_ERROR(Prepare(message, message.payload));
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  RETURN_IF_ERROR(live_.Begin());
  follow_ = std::make_unique<FollowService>(
      request_, FollowService::Deps{epan_, &channel_, &live_});
  return follow_->Run(std::move(file));
}

absl::Status Worker::CountProtocols() {
  RETURN_IF_ERROR(ReceiveRequest(ipc::MessageType::kCount).status());
  RETURN_IF_ERROR(ApplySettings(request_, policy_));
  ASSIGN_OR_RETURN(CaptureFile file, OpenCapture());
  RETURN_IF_ERROR(live_.Begin());
  count_ = std::make_unique<ProtocolCount>(request_, std::move(file), epan_,
                                           &channel_, &live_);
  return count_->Run();
}

absl::Status Worker::AnswerQueries() {
  QueryContext context;
  context.epan = epan_;
  context.trusted = start_.kind == ipc::WorkerKind::kEngineQuery;
  context.allow_external_resolver = policy_.allow_external_resolver;
  context.allow_lua = policy_.allow_lua;
  context.pass_workers = policy_.pass_workers;
  context.capture = start_.fds.capture;
  context.capture_name = capture_name_;
  QueryService service(context, &channel_);
  if (start_.kind == ipc::WorkerKind::kSession ||
      start_.kind == ipc::WorkerKind::kLiveSession) {
    service.AllowSession();
  }
  service.SetRestart(
      [this](const WorkerChannel::Message& query, const InitOptions& options) {
        return RestartWith(query, options);
      });
  return service.Run();
}

int Worker::Run() { return SendFinalStatus(Serve(), &channel_); }

}  // namespace

void RunWorker(const WorkerStart& start, const WorkerPolicy& policy, Epan* epan,
               std::vector<WorkerChannel::Message> messages) {
  Worker worker(start, policy, epan, std::move(messages));
  // exit() would run the engine's exit handlers. The worker's destructors don't
  // run either: the end of the process frees everything at once.
  _exit(worker.Run());
}

}  // namespace dissectd::engine
