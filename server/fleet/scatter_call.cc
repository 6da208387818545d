// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/scatter_call.h"

#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxRunning = 64;
constexpr size_t kMaxAnswers = 64;

}  // namespace

ScatterCall* ScatterCall::Create(const NodeCallDeps& deps,
                                 std::unique_ptr<CallContext> context,
                                 Plan plan) {
  // make_shared can't call the private constructor.
  ScatterCall* call = Own(
      std::shared_ptr<ScatterCall>(new ScatterCall(deps, std::move(context))));
  deps.loop->Post([self = Shared(call), plan = std::move(plan)] {
    self->is_planned_ = true;
    if (self->is_cancelled()) return self->Advance();
    absl::StatusOr<Jobs> jobs = plan(self->context());
    if (!jobs.ok()) return self->FinishWith(jobs.status());
    self->jobs_ = *std::move(jobs);
    self->Advance();
  });
  return call;
}

void ScatterCall::Send(const google::protobuf::Message& message) {
  if (finished_) return;
  answers_.push_back(SerializeMessage(message));
}

void ScatterCall::EndJob(Job rest) {
  if (finished_) return;
  --running_;
  // First, so that each node is done with before others are asked.
  if (rest != nullptr) jobs_.push_front(std::move(rest));
  Advance();
}

void ScatterCall::Track(const std::shared_ptr<NodeCall>& call) {
  for (auto it = calls_.begin(); it != calls_.end();) {
    it = it->expired() ? calls_.erase(it) : std::next(it);
  }
  calls_.insert(call);
}

void ScatterCall::DoNext() {
  if (!is_planned_) return;
  while (!jobs_.empty() && running_ < kMaxRunning &&
         answers_.size() < kMaxAnswers) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    ++running_;
    job(Shared(this));
  }
  if (is_writing()) return;
  if (!answers_.empty()) {
    const grpc::ByteBuffer answer = answers_.front();
    answers_.pop_front();
    return Write(answer);
  }
  if (jobs_.empty() && running_ == 0) FinishWith(absl::OkStatus());
}

void ScatterCall::OnCancelled() {
  for (const auto& weak : calls_) {
    if (const std::shared_ptr<NodeCall> call = weak.lock()) call->Cancel();
  }
}

}  // namespace dissectd::server
