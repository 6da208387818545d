// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_SESSION_H_
#define SERVER_QUERY_QUERY_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/epan_host.h"
#include "server/io_loop.h"
#include "server/query/query_reader.h"
#include "server/session_limit.h"
#include "server/session_process.h"
#include "server/session_socket.h"
#include "server/unique_fd.h"

namespace dissectd {

// A question to libwireshark.
struct Query {
  ipc::Query kind;
  // Serialised.
  std::string request;
  // What the answer is written to, if there is such a file, and how large it
  // may become.
  UniqueFd output;
  uint64_t max_output_bytes = 0;
};

// One that has a session of its own.
struct QueryOfItsOwn {
  Query query;
  // A file, unless the query is about none; its name is without folders.
  UniqueFd capture;
  std::string capture_name;
  SessionLimit::Place place;
  // What the answer begins with, beside what the session knows: serialised, of
  // the same message. Only of an answer that is one message.
  std::string known;
};

// A session that answers queries, one at a time. Used on the loop's thread
// only.
class QuerySession : public std::enable_shared_from_this<QuerySession> {
 public:
  // Not owned; outlives this.
  struct Parts {
    IoLoop* loop;
    EpanHost* host;
  };

  // Starts a session for queries about a capture, or about none. Errors: those
  // of SessionProcess and of MemoryFileWith.
  static absl::StatusOr<std::shared_ptr<QuerySession>> Start(
      const Parts& parts, UniqueFd capture, const std::string& capture_name);

  // Whether it can answer another query.
  bool is_idle() const { return reader_ == nullptr && !ended_; }

  // Asks it, while it is idle. `reader` outlives OnEnd, or Abandon. `idle` is
  // called after OnEnd: the session can be asked again, or has ended.
  void Ask(Query query, QueryReader* reader, absl::AnyInvocable<void()> idle);

  // The reader has room.
  void ReadMore();

  // The reader is gone, or has waited too long: the session is ended.
  void Abandon();

 private:
  QuerySession() = default;

  void OnRead(SessionSocket::ReadResult result,
              const SessionSocket::Frame& frame);
  void OnProcessEnded(const SessionEnd& end);
  void EndIfSilent();
  void End(const absl::Status& status);

  std::unique_ptr<SessionProcess> process_;
  std::optional<SessionEnd> process_end_;
  // Null while it is idle.
  QueryReader* reader_ = nullptr;
  absl::AnyInvocable<void()> idle_;
  bool reading_ = false;
  bool channel_closed_ = false;
  bool ended_ = false;
};

}  // namespace dissectd

#endif  // SERVER_QUERY_QUERY_SESSION_H_
