// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/question_attempts.h"

#include <csignal>
#include <tuple>

#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Checkpoints can end one after the other.
constexpr uint32_t kMaxLostCheckpoints = 3;
constexpr uint32_t kMaxLostParents = 8;

// Another process would need as much time.
bool IsOutOfTime(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kSignaled && end.value == SIGXCPU;
}

}  // namespace

bool QuestionAttempts::MayContinueAfter(const QueryWorker& fork) {
  if (fork.crash() == nullptr) return false;
  if (fork.lost_parent()) return ++lost_parents_ <= kMaxLostParents;
  return MayContinueAfter(*fork.crash());
}

uint32_t QuestionAttempts::ForkBefore(uint32_t first_frame) const {
  return lost_parents_ < kMaxLostCheckpoints ? first_frame : 0;
}

bool QuestionAttempts::MayContinueAfter(const WorkerOutcome& crash) {
  LogCrash(crash);
  if (recovery_.max_crashes() == 0 || crash.gave_up ||
      IsOutOfTime(*crash.end)) {
    return false;
  }
  if (IsSame(suspected_, crash.position)) {
    return recovery_.MayContinueAfter(crash);
  }
  suspected_ = crash.position;
  return true;
}

bool IsSame(const ipc::PassPosition& left, const ipc::PassPosition& right) {
  return std::tie(left.pass, left.record) == std::tie(right.pass, right.record);
}

void LogCrash(const WorkerOutcome& crash) {
  metrics::Count(metrics::Event::kDissectorCrashed);
  spdlog::error(
      "a process of a session was ended by {} at frame {}, protocol \"{}\"",
      Describe(*crash.end), crash.frame, crash.protocol);
}

}  // namespace dissectd::server
