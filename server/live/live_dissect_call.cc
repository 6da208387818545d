// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_dissect_call.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"

namespace dissectd::server {

LiveDissectCall* LiveDissectCall::Create(const Deps& deps,
                                         std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<LiveDissectCall>(
      new LiveDissectCall(deps, std::move(context))));
}

void LiveDissectCall::Start(v1::DissectRequest request) {
  loop()->Post([self = Shared(this), request = std::move(request)]() mutable {
    self->request_ = std::move(request);
    const absl::Status status = self->Begin();
    if (!status.ok()) self->status_ = status;
    self->Advance();
  });
}

absl::Status LiveDissectCall::Begin() {
  // The client may have gone before the call began.
  if (is_cancelled()) return absl::OkStatus();
  ASSIGN_OR_RETURN(EngineSupervisor* const engine,
                   engines_->Choose(ChosenEngine(context()->info(),
                                                 request_.options().engine())));
  engine_ = engine;
  // Requests that choose the same engine in different ways can share a worker.
  request_.mutable_options()->set_engine(engine->engine());
  ASSIGN_OR_RETURN(permit_, context()->TakeWorkerPermit());
  ASSIGN_OR_RETURN(use_, workers_->Use(request_.capture()));
  if (request_.live().from_now()) {
    ASSIGN_OR_RETURN(const uint32_t frames,
                     workers_->FramesSoFar(request_.capture()));
    v1::FrameRange* range = request_.mutable_view()->mutable_range();
    range->set_first_frame(std::max(range->first_frame(), frames + 1));
  }
  return workers_->Join(this);
}

void LiveDissectCall::OnWorker(std::shared_ptr<LiveWorker> worker) {
  worker_ = std::move(worker);
}

void LiveDissectCall::OnHeader(const grpc::ByteBuffer& header) {
  if (std::exchange(has_header_, true)) return;
  Enqueue(header);
  Advance();
}

void LiveDissectCall::OnMessage(const grpc::ByteBuffer& message,
                                uint32_t last_frame, uint64_t frames_sent) {
  v1::FrameRange* range = request_.mutable_view()->mutable_range();
  range->set_first_frame(std::max(range->first_frame(), last_frame + 1));
  if (range->limit() != 0) {
    range->set_limit(range->limit() -
                     static_cast<uint32_t>(frames_sent - frames_sent_));
  }
  frames_sent_ = frames_sent;
  Enqueue(message);
  Advance();
}

void LiveDissectCall::Enqueue(const grpc::ByteBuffer& message) {
  queued_bytes_ += message.Length();
  queue_.push_back(message);
}

void LiveDissectCall::OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
                            const absl::Status& status) {
  worker_.reset();
  if (last_message.has_value()) Enqueue(*last_message);
  status_ = status;
  Advance();
}

void LiveDissectCall::OnDropped(bool too_slow) {
  worker_.reset();
  alone_ |= too_slow;
  dropped_ = true;
  // Posted, as other readers are notified at the same time.
  loop()->Post([self = Shared(this)] { self->Advance(); });
}

size_t LiveDissectCall::backlog() const {
  return queue_.empty() ? 0 : queued_bytes_ - queue_.front().Length();
}

void LiveDissectCall::OnCancelled() {
  queue_.clear();
  if (worker_ != nullptr) std::exchange(worker_, nullptr)->Leave(this);
}

void LiveDissectCall::DoNext() {
  if (is_writing()) return;
  if (!queue_.empty()) {
    const grpc::ByteBuffer message = queue_.front();
    queue_.pop_front();
    queued_bytes_ -= message.Length();
    Write(message);
    if (worker_ != nullptr) worker_->ReadMore();
  } else if (status_.has_value()) {
    FinishWith(*status_);
  } else if (std::exchange(dropped_, false)) {
    const absl::Status status = workers_->Join(this);
    if (!status.ok()) FinishWith(status);
  }
}

}  // namespace dissectd::server
