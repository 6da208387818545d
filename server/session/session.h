// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_H_
#define SERVER_SESSION_SESSION_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "dissectd/v1/session.pb.h"
#include "server/base/principal.h"
#include "server/base/subscribers.h"
#include "server/session/session_processes.h"
#include "server/session/session_reading.h"

namespace dissectd::server {

class SessionChange;
class SessionQuestion;

// A session, from its opening to its end. Used on the loop's thread only.
class Session {
 public:
  struct Opening {
    std::string name;
    Principal owner;
    // The key by which the limits of callers are counted.
    std::string share_key;
    // The name of the file.
    std::string file;
    std::chrono::nanoseconds idle_timeout;
  };

  Session(Opening opening, SessionReading reading,
          std::shared_ptr<SessionProcesses> processes);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::string& name() const { return opening_.name; }
  const std::string& file() const { return opening_.file; }
  const Principal& owner() const { return opening_.owner; }
  const std::string& share_key() const { return opening_.share_key; }
  // Null once the session is closed.
  const std::shared_ptr<SessionProcesses>& processes() const {
    return processes_;
  }
  const SessionReading& reading() const { return reading_; }
  // The serialised edits that questions depend on.
  const std::string& question_edits() const { return question_edits_; }
  bool is_closed() const { return processes_ == nullptr; }

  // Returns OK if questions can be answered. Errors: SESSION_NOT_READY,
  // SESSION_FAILED.
  absl::Status CheckReady() const;

  v1::Session Describe() const;
  // Increased with each change of the state, and of the progress.
  uint64_t change_number() const { return change_number_; }
  uint64_t progress_number() const { return progress_number_; }
  // Changes of the state and of the progress.
  Subscribers* subscribers() { return &subscribers_; }

  // Keep the session from being idle.
  void BeginWatch() { ++watches_; }
  void EndWatch();
  void AddQuestion(SessionQuestion* question);
  void RemoveQuestion(SessionQuestion* question);

  // Changes take turns, in this order. Each keeps the session from being idle.
  void AddChange(SessionChange* change);
  // Has no effect if it was removed before.
  void RemoveChange(SessionChange* change);
  // Puts processes that are ready in place of the present ones, which answer
  // what was asked before.
  void Replace(SessionReading reading,
               std::shared_ptr<SessionProcesses> processes);

  bool is_used() const {
    return watches_ > 0 || !questions_.empty() || !changes_.empty();
  }
  bool has_questions() const { return !questions_.empty(); }
  // Whether nobody has used it for longer than its time.
  bool is_idle() const;

  // Looks at the memory of all processes, and at the file.
  void Check();

  // Ends all questions and changes, and notifies the subscribers.
  void Close();

 private:
  void OnProcessesChanged();
  // Follows the processes.
  void Subscribe();
  void NoteUse();

  const Opening opening_;
  SessionReading reading_;
  std::string question_edits_;
  uint32_t edit_count_ = 0;
  std::shared_ptr<SessionProcesses> processes_;
  // The processes that were replaced, while they answer what they were asked.
  std::set<std::weak_ptr<SessionProcesses>, std::owner_less<>> replaced_;
  // The change of the processes that was seen last.
  uint64_t seen_change_ = 0;
  // The description of a closed session.
  v1::Session last_;
  const google::protobuf::Timestamp open_time_;
  google::protobuf::Timestamp use_time_;
  std::chrono::steady_clock::time_point used_;
  uint64_t subscription_ = 0;
  Subscribers subscribers_;
  std::set<SessionQuestion*> questions_;
  // The first one is being made.
  std::deque<SessionChange*> changes_;
  uint32_t watches_ = 0;
  bool was_ready_ = false;
  uint64_t change_number_ = 1;
  uint64_t progress_number_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_H_
