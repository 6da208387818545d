// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/crash_recovery.h"

#include <algorithm>
#include <csignal>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::server {
namespace {

ipc::KnownCrash CrashOf(const WorkerOutcome& outcome) {
  ipc::KnownCrash crash = {};
  crash.position = outcome.position;
  crash.frame = outcome.frame;
  if (outcome.end->kind == WorkerEnd::Kind::kSignaled) {
    crash.signal = outcome.end->value;
  } else {
    crash.exit_status = outcome.end->value;
  }
  outcome.protocol.copy(crash.protocol, sizeof(crash.protocol) - 1);
  return crash;
}

// Another worker would need as much time.
bool IsOutOfTime(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kSignaled && end.value == SIGXCPU;
}

bool IsBefore(const ipc::PassPosition& left, const ipc::PassPosition& right) {
  return std::tie(left.pass, left.record) < std::tie(right.pass, right.record);
}

}  // namespace

void CrashRecovery::AddMessage(uint32_t last_frame) {
  header_sent_ = true;
  has_progressed_ = true;
  last_frame_ = std::max(last_frame_, last_frame);
}

bool CrashRecovery::MayContinueAfter(const WorkerOutcome& outcome) {
  const bool progressed = std::exchange(has_progressed_, false);
  if (++crash_count_ > max_crashes_ || outcome.gave_up ||
      IsOutOfTime(*outcome.end)) {
    return false;
  }
  const bool began = outcome.position.record != 0;
  // The second one can't be by chance.
  if (!began) return !std::exchange(crashed_before_first_frame_, true);
  const bool was_sent = outcome.frame <= last_frame_;
  if (was_sent && !progressed && outcome.frame == 0) return false;
  if (!was_sent || !progressed) frames_.push_back(CrashOf(outcome));
  if (IsBefore(reported_, outcome.position)) reported_ = outcome.position;
  return true;
}

std::string CrashRecovery::StartOfRequest() const {
  ipc::DissectionStart start = {};
  start.max_crashes = max_crashes_;
  start.crash_count = static_cast<uint32_t>(frames_.size());
  start.header_sent = header_sent_ ? 1 : 0;
  start.last_frame = last_frame_;
  start.reported = reported_;
  start.keep_frames = keep_frames_ ? 1 : 0;
  std::string bytes(ipc::BytesOf(start));
  for (const ipc::KnownCrash& frame : frames_) {
    absl::StrAppend(&bytes, ipc::BytesOf(frame));
  }
  return bytes;
}

}  // namespace dissectd::server
