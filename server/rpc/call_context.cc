// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_context.h"

#include <grpc/grpc.h>

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/errors.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

// A client's deadline passes slightly before the daemon's, as the remaining
// time travels with the request, rounded up by at most a hundredth.
constexpr std::chrono::milliseconds kDeadlineSkew(100);

// Bounds what observers get of one call.
constexpr size_t kMaxResources = 16;
constexpr size_t kMaxResourceBytes = 4096;
struct UnrefCall {
  void operator()(grpc_call* call) const { grpc_call_unref(call); }
};

}  // namespace

CallContext::~CallContext() {
  End(absl::InternalError("The call was dropped."));
}

absl::StatusOr<WorkerLimit::Permit> CallContext::TakeWorkerPermit() {
  if (permit_.valid()) return std::move(permit_);
  return workers_->Take(info_.share_key);
}

bool CallContext::is_abandoned() const {
  return client_gone_ || overdue_ != Overdue::kNone ||
         deadline_ <= Clock::now();
}

void CallContext::BreakOff() {
  // Referenced, so that gRPC isn't called while the mutex is held.
  std::unique_ptr<grpc_call, UnrefCall> call;
  {
    const absl::MutexLock lock(&mutex_);
    if (server_context_ == nullptr) return;
    call.reset(server_context_->c_call());
    grpc_call_ref(call.get());
  }
  const absl::Status status = CancelledStatus();
  const std::string message =
      absl::StrCat(FailureOf(status).reason(), ": ", status.message());
  grpc_call_cancel_with_status(call.get(),
                               static_cast<grpc_status_code>(status.code()),
                               message.c_str(), nullptr);
}

bool CallContext::is_open() const {
  const absl::MutexLock lock(&mutex_);
  return server_context_ != nullptr;
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
  switch (overdue_.load()) {
    case Overdue::kReader:
      return errors::ReaderTooSlow(exceeded_);
    case Overdue::kSender:
      return errors::SenderTooSlow(exceeded_);
    case Overdue::kCall:
      return errors::CallTooLong(exceeded_);
    case Overdue::kNone:
      break;
  }
  const Clock::duration skew = kDeadlineSkew + (deadline_ - start_) / 100;
  if (deadline_ - skew <= Clock::now()) {
    return absl::DeadlineExceededError("The call's deadline has passed.");
  }
  return absl::CancelledError("The call was cancelled.");
}

void CallContext::End(const absl::Status& status) {
  {
    const absl::MutexLock lock(&mutex_);
    if (std::exchange(server_context_, nullptr) == nullptr) return;
  }
  permit_ = WorkerLimit::Permit();
  const CallEnd end = {info_,
                       status,
                       absl::FromChrono(Clock::now() - start_),
                       traffic_,
                       std::move(resources_),
                       std::move(readers_)};
  for (CallObserver* observer : *observers_) observer->OnCallEnded(end);
  token_ = CallTracker::Token();
}

}  // namespace dissectd::server
