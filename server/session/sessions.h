// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSIONS_H_
#define SERVER_SESSION_SESSIONS_H_

#include <asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/base/timer.h"
#include "server/engine/engines.h"
#include "server/query/query_reader.h"
#include "server/rpc/call_context.h"
#include "server/session/list_memory.h"
#include "server/session/session.h"
#include "server/session/session_change.h"
#include "server/session/session_processes.h"
#include "server/session/session_question.h"
#include "server/session/session_reading.h"
#include "server/store/capture_source.h"

namespace dissectd::server {

// What a worker of its own reads to see what a session sees.
struct SessionExport {
  // The file as it was opened; absent for a capture.
  std::optional<SessionProcesses::Source> source;
  // What was read of a capture.
  SessionProcesses::Prefix prefix;
  // The resource name of the file or the capture.
  std::string file;
  v1::OpenSessionRequest request;
  // Serialised edits, and the records that the read filter lets pass.
  std::string edits;
  std::string kept_records;
};

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
    const Engines* engines;
    asio::thread_pool* pool;
  };

  Sessions(const Deps& deps, const Limits& limits);
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // Opens a session of the caller. Errors: TOO_MANY_SESSIONS,
  // TOO_MANY_SESSIONS_OF_CALLER, FILE_SYSTEM_ERROR, SERVER_STOPPING, those of
  // Engines::Choose.
  absl::StatusOr<std::shared_ptr<Session>> Open(
      const CallInfo& caller, const v1::OpenSessionRequest& request,
      CaptureSource source);

  // Opens a session of a capture, which may still run. Errors: those of Open.
  absl::StatusOr<std::shared_ptr<Session>> OpenLive(
      const CallInfo& caller, const v1::OpenSessionRequest& request,
      std::shared_ptr<LiveFeed> feed, CaptureUse use);

  // Finds a session of the caller. Errors: SESSION_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<Session>> Find(const Principal& caller,
                                                const std::string& name) const;

  // Makes a session of the caller read its file again, which `source` has
  // opened; absent if the session was opened on a capture. Errors:
  // SESSION_NOT_FOUND, SESSION_NOT_READY, SESSION_FAILED, SESSION_FILE_CHANGED,
  // FILE_SYSTEM_ERROR, those of Engines::Choose; the change can end with these,
  // SESSION_LIVE, KEY_LOG_TOO_LARGE, and those of reading.
  absl::StatusOr<std::unique_ptr<SessionChange>> Reload(
      const Principal& caller, const v1::ReloadSessionRequest& request,
      std::optional<CaptureSource> source, SessionChange::Listener listener);

  // Makes a change of what one of the caller's sessions shows and saves.
  // Errors: SESSION_NOT_FOUND; the change can end with SESSION_NOT_READY,
  // SESSION_FAILED, SESSION_LIVE, and those of SessionEdits and of reading.
  absl::StatusOr<std::unique_ptr<SessionChange>> Edit(
      const Principal& caller, const v1::EditSessionRequest& request,
      SessionChange::Listener listener);

  // Returns what is needed to export a session's capture. Errors:
  // SESSION_NOT_FOUND, SESSION_NOT_READY, SESSION_FAILED, SESSION_LIVE,
  // FILE_SYSTEM_ERROR.
  absl::StatusOr<SessionExport> Export(const Principal& caller,
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

  // What all sessions have together.
  struct Totals {
    size_t sessions = 0;
    // What sessions share counts once.
    uint64_t memory_bytes = 0;
    size_t checkpoints = 0;
  };
  Totals CountAll() const;

  // Opens no more sessions, and closes those that nobody asks, now or later.
  void Stop();
  // Closes all sessions.
  void CloseAll();

 private:
  using Table = std::map<std::string, std::shared_ptr<Session>>;

  absl::Status CheckLimits(const CallInfo& caller) const;
  // Closes the failed sessions of a caller, which only serve to be looked at.
  void CloseFailed(const CallInfo& caller);
  // Makes room for a session. Errors: those of CheckLimits.
  absl::Status MakeRoom(const CallInfo& caller);
  absl::StatusOr<std::shared_ptr<Session>> Add(const CallInfo& caller,
                                               v1::OpenSessionRequest request,
                                               SessionProcesses::Source source);
  // Returns processes of the caller that read a file: those that do so already,
  // or others.
  std::shared_ptr<SessionProcesses> ProcessesFor(
      const Principal& caller, const SessionReading& reading,
      SessionProcesses::Source source);
  std::shared_ptr<SessionProcesses> StartProcesses(
      SessionProcesses::Source source);
  void Close(const std::shared_ptr<Session>& session);
  // Returns processes that read a file again. `before` has read it without
  // edits; null at first. Errors: SERVER_STOPPING, FILE_SYSTEM_ERROR.
  absl::StatusOr<SessionChange::Stage> ReadAgain(
      const Principal& caller, const SessionReading& reading,
      const SessionProcesses* before, SessionProcesses::Source* source);
  // Forgets processes that nobody uses any more.
  void ForgetEnded();
  void StartTimer();
  // Closes idle sessions, and checks the others.
  void Look();

  const Deps deps_;
  const Limits limits_;
  const std::shared_ptr<ListMemory> list_memory_;
  QuestionLine line_;
  Table sessions_;
  // The processes that sessions of the same file, options and caller share.
  std::map<std::string, std::weak_ptr<SessionProcesses>> processes_;
  Timer timer_;
  bool stopping_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSIONS_H_
