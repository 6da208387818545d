// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_QUESTION_ATTEMPTS_H_
#define SERVER_SESSION_QUESTION_ATTEMPTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/ipc/protocol.h"
#include "server/dissection/crash_recovery.h"
#include "server/engine/worker.h"
#include "server/query/query_worker.h"

namespace dissectd::server {

// Decides whether a question is asked of another fork when one has crashed. A
// frame is left out once it has crashed two forks in succession: the first of
// them may have been killed from outside, and an answer doesn't say which
// frames before its own are missing.
class QuestionAttempts {
 public:
  // `known` are the frames that the session leaves out anyway.
  QuestionAttempts(uint32_t max_crashes,
                   const std::vector<ipc::KnownCrash>& known)
      : recovery_(max_crashes) {
    for (const ipc::KnownCrash& frame : known) recovery_.LeaveOut(frame);
  }

  // Call this for a fork whose answer has ended with an error. Returns whether
  // another one may try.
  bool MayContinueAfter(const QueryWorker& fork);

  // Returns the frame before which the next fork must be made: the first one of
  // the question. If checkpoints have ended under several forks, the others may
  // be about to end, too: then it is 0, for the process that has read the
  // capture.
  uint32_t ForkBefore(uint32_t first_frame) const;

  // The frames to leave out.
  const std::vector<ipc::KnownCrash>& crashes() const {
    return recovery_.frames();
  }

  // For answers that can be continued: notes a response, and returns what comes
  // before the next request.
  void AddMessage(uint32_t last_frame) { recovery_.AddMessage(last_frame); }
  std::string StartOfRequest() const { return recovery_.StartOfRequest(); }

 private:
  bool MayContinueAfter(const WorkerOutcome& crash);

  CrashRecovery recovery_;
  // The position of the last crash; no frame is at the record 0.
  ipc::PassPosition suspected_ = {};
  uint32_t lost_parents_ = 0;
};

bool IsSame(const ipc::PassPosition& left, const ipc::PassPosition& right);

void LogCrash(const WorkerOutcome& crash);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_QUESTION_ATTEMPTS_H_
