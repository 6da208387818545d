// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_context.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "server/base/errors.h"

namespace dissectd::server {
namespace {

// A client's deadline passes slightly before the daemon's, as the remaining
// time travels with the request, rounded up by at most a hundredth.
constexpr absl::Duration kDeadlineSkew = absl::Milliseconds(100);

// Bounds what observers get of one call.
constexpr size_t kMaxResources = 16;
constexpr size_t kMaxResourceBytes = 4096;

}  // namespace

CallContext::~CallContext() {
  End(absl::InternalError("The call was dropped."));
}

absl::StatusOr<WorkerLimit::Permit> CallContext::TakeWorkerPermit() {
  if (permit_.valid()) return std::move(permit_);
  WorkerLimit::Permit permit = workers_->Take();
  if (!permit.valid()) return errors::TooManyWorkers(workers_->limit());
  return permit;
}

void CallContext::AddResource(std::string name) {
  if (name.size() > kMaxResourceBytes) name.resize(kMaxResourceBytes);
  if (resources_.size() == kMaxResources ||
      std::find(resources_.begin(), resources_.end(), name) !=
          resources_.end()) {
    return;
  }
  resources_.push_back(std::move(name));
}

absl::Status CallContext::CancelledStatus() const {
  const absl::Time deadline = absl::FromChrono(info_.deadline);
  const absl::Duration skew = kDeadlineSkew + (deadline - start_) / 100;
  if (deadline - skew <= absl::Now()) {
    return absl::DeadlineExceededError("The call's deadline has passed.");
  }
  return absl::CancelledError("The call was cancelled.");
}

void CallContext::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  permit_ = WorkerLimit::Permit();
  const CallEnd end = {info_, status, absl::Now() - start_, traffic_,
                       std::move(resources_)};
  for (CallObserver* observer : *observers_) observer->OnCallEnded(end);
  token_ = CallTracker::Token();
}

}  // namespace dissectd::server
