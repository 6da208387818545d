// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_WORKER_H_
#define SERVER_QUERY_QUERY_WORKER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/query/query_reader.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// A query to libwireshark.
struct Query {
  ipc::Query kind;
  // The serialised request.
  std::string request;
  // The file to write the answer to, if any, and the limit of its size.
  UniqueFd output;
  uint64_t max_output_bytes = 0;
};

// A query that gets a separate worker.
struct DedicatedQuery {
  Query query;
  // The file that the query is about, if any, and its name without folders.
  UniqueFd capture;
  std::string capture_name;
  // For streams: kept until the worker is no longer needed, and called on the
  // loop's thread when it has begun to answer; may be null.
  std::shared_ptr<void> held;
  absl::AnyInvocable<void()> on_first_response;
};

// A worker that answers queries, one at a time. Destruction ends the worker and
// its current query. Used on the loop's thread only.
class QueryWorker : private Worker::Listener {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    WorkerParent* parent;
  };

  // Starts a worker for queries about a capture, or about none. Errors: those
  // of Worker and of MemoryFileWith.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> Start(
      const Deps& deps, UniqueFd capture, const std::string& capture_name,
      WorkerLimit::Permit permit);

  // Starts a worker for queries about the engine, which gets no data from
  // outside. Errors: as Start.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartAboutEngine(
      const Deps& deps);

  // Starts a fork of a worker that answers queries of the same kind. Errors:
  // those of Worker.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      IoLoop* loop, WorkerParent* parent);

  // Whether it can answer another query.
  bool is_idle() const { return reader_ == nullptr && !ended_; }

  // Sends a query to the idle worker, and requests the first response. `reader`
  // outlives OnEnd. Then the worker is idle again or has ended, and the reader
  // may destroy this object.
  void Ask(Query query, QueryReader* reader);

  // Requests another response.
  void ReadMore() { worker_->Read(); }

 private:
  QueryWorker() = default;

  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartWith(
      const Deps& deps, Worker::Options options,
      const std::string& capture_name);

  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  void End(const absl::Status& status);

  std::unique_ptr<Worker> worker_;
  ipc::RequestId request_ = 0;
  // Null while the worker is idle.
  QueryReader* reader_ = nullptr;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_WORKER_H_
