// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSIONS_H_
#define SERVER_SESSION_SESSIONS_H_

#include <asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/base/timer.h"
#include "server/engine/worker_parent.h"
#include "server/query/query_reader.h"
#include "server/rpc/call_context.h"
#include "server/session/session.h"
#include "server/session/session_processes.h"
#include "server/session/session_question.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

// All open sessions. Used on the loop's thread only.
class Sessions {
 public:
  struct Limits {
    uint32_t max_sessions;
    uint32_t max_sessions_per_caller;
    uint64_t memory_bytes;
    std::chrono::seconds idle_timeout;
    uint32_t max_crashes;
  };
  // Nothing is owned; all outlives this.
  struct Deps {
    IoLoop* loop;
    WorkerParent* engine;
    asio::thread_pool* pool;
  };

  Sessions(const Deps& deps, const Limits& limits)
      : deps_(deps), limits_(limits), timer_(deps.loop->context()) {}
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // Opens a session of the caller. Errors: TOO_MANY_SESSIONS,
  // TOO_MANY_SESSIONS_OF_CALLER, FILE_SYSTEM_ERROR, SERVER_STOPPING.
  absl::StatusOr<std::shared_ptr<Session>> Open(
      const CallInfo& caller, const v1::OpenSessionRequest& request,
      CaptureSource source);

  // Finds a session of the caller. Errors: SESSION_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<Session>> Find(const Principal& caller,
                                                const std::string& name) const;

  // Closes a session of the caller. Errors: SESSION_NOT_FOUND.
  absl::Status Close(const Principal& caller, const std::string& name);

  // Adds a page of the caller's sessions. Errors: PAGE_SIZE_NEGATIVE,
  // PAGE_TOKEN_INVALID.
  absl::Status List(const Principal& caller,
                    const v1::ListSessionsRequest& request,
                    v1::ListSessionsResponse* response) const;

  // Asks a session with the call's permit; `reader` gets the answer, not before
  // this has returned, and outlives it. Errors: SESSION_NOT_FOUND,
  // SESSION_NOT_READY, SESSION_FAILED, those of TakeWorkerPermit.
  absl::StatusOr<std::unique_ptr<RunningQuery>> Ask(CallContext* context,
                                                    const std::string& name,
                                                    QuestionPlan plan,
                                                    QueryReader* reader);

  // Opens no more sessions, and closes those that nobody asks, now or later.
  void Stop();
  // Closes all sessions.
  void CloseAll();

 private:
  using Table = std::map<std::string, std::shared_ptr<Session>>;

  absl::Status CheckLimits(const CallInfo& caller) const;
  // Closes the failed sessions of a caller, which only serve to be looked at.
  void CloseFailed(const CallInfo& caller);
  std::shared_ptr<SessionProcesses> ProcessesFor(
      const std::string& key, SessionProcesses::Source source);
  void Close(const std::shared_ptr<Session>& session);
  void StartTimer();
  // Closes idle sessions, and checks the others.
  void Look();

  const Deps deps_;
  const Limits limits_;
  QuestionLine line_;
  Table sessions_;
  // The processes that sessions of the same file, options and caller share.
  std::map<std::string, std::weak_ptr<SessionProcesses>> processes_;
  Timer timer_;
  bool stopping_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSIONS_H_
