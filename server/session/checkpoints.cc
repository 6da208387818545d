// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/checkpoints.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::server {
namespace {

// Skipping a frame takes some 15 microseconds, a fork several milliseconds.
constexpr uint32_t kMinInterval = 500;
// Each checkpoint is a process.
constexpr uint32_t kMaxCheckpoints = 128;
// How often the process that they are forks of may be started. Frames that
// crash it are counted elsewhere; it can be killed from outside, too.
constexpr uint32_t kMaxStarts = 8;

uint32_t IntervalOf(uint32_t frames) {
  return std::max(kMinInterval, frames / kMaxCheckpoints + 1);
}

}  // namespace

Checkpoints::Checkpoints(Deps deps) : deps_(std::move(deps)) {}

Checkpoints::~Checkpoints() = default;

void Checkpoints::MakeNext() {
  const uint64_t frame = uint64_t{last_frame_} + IntervalOf(deps_.frames);
  const bool has_ended = skipping_ != nullptr && skipping_->has_ended();
  if (stopped_ || is_making() || has_ended || frame >= deps_.frames) return;
  SkipTo(static_cast<uint32_t>(frame)).IgnoreError();
}

absl::Status Checkpoints::SkipTo(uint32_t frame) {
  if (skipping_ == nullptr) RETURN_IF_ERROR(StartSkipping());
  next_frame_ = frame;
  Query query;
  query.kind = ipc::Query::kSkipFrames;
  query.request = std::string(ipc::BytesOf(ipc::SkipFrames{frame}));
  query.crashes = deps_.recovery->frames();
  skipping_->Ask(std::move(query), this);
  return absl::OkStatus();
}

absl::Status Checkpoints::StartSkipping() {
  if (++starts_ > kMaxStarts) return absl::ResourceExhaustedError("starts");
  ASSIGN_OR_RETURN(skipping_, QueryWorker::StartFork(deps_.loop, deps_.read,
                                                     WorkerLimit::Permit()));
  skipping_->OnIdleEnd(Later([this] {
    GiveUp();
    deps_.made();
  }));
  return absl::OkStatus();
}

void Checkpoints::OnResponse(const grpc::ByteBuffer& /*response*/) {
  skipping_->ReadMore();
}

void Checkpoints::OnEnd(const absl::Status& status) {
  const uint32_t frame = std::exchange(next_frame_, 0);
  if (status.ok()) {
    last_frame_ = frame;
    if (AddCheckpoint(frame).ok()) deps_.made();
    return;
  }
  const bool may_repeat = deps_.may_repeat(*skipping_);
  GiveUp();
  if (may_repeat) MakeNext();
}

absl::Status Checkpoints::AddCheckpoint(uint32_t frame) {
  ASSIGN_OR_RETURN(
      std::shared_ptr<QueryWorker> process,
      QueryWorker::StartFork(deps_.loop, skipping_, WorkerLimit::Permit()));
  process->OnIdleEnd(Later([this, frame] { Remove(frame); }));
  checkpoints_.push_back({frame, std::move(process)});
  return absl::OkStatus();
}

void Checkpoints::GiveUp() {
  checkpoints_.clear();
  skipping_.reset();
  last_frame_ = 0;
}

void Checkpoints::Stop() {
  stopped_ = true;
  next_frame_ = 0;
  GiveUp();
}

void Checkpoints::Remove(uint32_t frame) {
  checkpoints_.erase(std::remove_if(checkpoints_.begin(), checkpoints_.end(),
                                    [=](const Checkpoint& checkpoint) {
                                      return checkpoint.frame == frame;
                                    }),
                     checkpoints_.end());
}

const Checkpoints::Checkpoint* Checkpoints::Before(uint32_t frame) const {
  const Checkpoint* last = nullptr;
  for (const Checkpoint& checkpoint : checkpoints_) {
    if (checkpoint.frame >= frame) break;
    if (!checkpoint.process->has_ended()) last = &checkpoint;
  }
  return last;
}

absl::AnyInvocable<void(const absl::Status&)> Checkpoints::Later(
    std::function<void()> function) {
  return [loop = deps_.loop, alive = std::weak_ptr<bool>(alive_),
          function = std::move(function)](const absl::Status&) {
    loop->Post([alive, function] {
      if (!alive.expired()) function();
    });
  };
}

}  // namespace dissectd::server
