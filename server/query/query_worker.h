// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_WORKER_H_
#define SERVER_QUERY_QUERY_WORKER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/engine/engine_supervisor.h"
#include "server/engine/worker_process.h"
#include "server/engine/worker_socket.h"
#include "server/query/query_reader.h"

namespace dissectd::server {

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

// One that has a worker of its own.
struct DedicatedQuery {
  Query query;
  // A file, unless the query is about none; its name is without folders.
  UniqueFd capture;
  std::string capture_name;
  // What the answer begins with, beside what the worker knows: serialised, of
  // the same message. Only of an answer that is one message.
  std::string known;
};

// A worker that answers queries, one at a time. Used on the loop's thread
// only.
class QueryWorker : public std::enable_shared_from_this<QueryWorker> {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
  };

  // Starts a worker for queries about a capture, or about none. Errors: those
  // of WorkerProcess and of MemoryFileWith.
  static absl::StatusOr<std::shared_ptr<QueryWorker>> Start(
      const Deps& deps, UniqueFd capture, const std::string& capture_name);

  // Whether it can answer another query.
  bool is_idle() const { return reader_ == nullptr && !ended_; }

  // Asks it, while it is idle. `reader` outlives OnEnd, or Abandon. `idle` is
  // called after OnEnd: the worker can be asked again, or has ended.
  void Ask(Query query, QueryReader* reader, absl::AnyInvocable<void()> idle);

  // The reader has room.
  void ReadMore();

  // The reader is gone, or has waited too long: the worker is ended.
  void Abandon();

 private:
  QueryWorker() = default;

  void OnRead(WorkerSocket::ReadResult result,
              const WorkerSocket::Message& frame);
  void OnProcessEnded(const WorkerEnd& end);
  void EndIfSilent();
  void End(const absl::Status& status);

  std::unique_ptr<WorkerProcess> process_;
  std::optional<WorkerEnd> process_end_;
  // Null while it is idle.
  QueryReader* reader_ = nullptr;
  absl::AnyInvocable<void()> idle_;
  bool reading_ = false;
  bool channel_closed_ = false;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_WORKER_H_
