// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_WORKER_H_
#define SERVER_QUERY_QUERY_WORKER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/engine/forking_worker.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/query/query_reader.h"
#include "server/rpc/worker_limit.h"

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

// A question that has a worker of its own.
struct DedicatedQuery {
  Query query;
  // A file, unless the query is about none; its name is without folders.
  UniqueFd capture;
  std::string capture_name;
};

// A worker that answers queries, one at a time. Destruction ends the worker,
// and a query that it answers. Used on the loop's thread only.
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

  // Starts a worker for queries about the engine, to which nothing goes that
  // comes from outside. Errors: as Start.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartAboutEngine(
      const Deps& deps);

  // Has a worker fork for queries about nothing else than that worker is for.
  // Errors: those of Worker.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      IoLoop* loop, ForkingWorker* parent);

  // Whether it can answer another query.
  bool is_idle() const { return reader_ == nullptr && !ended_; }

  // Asks it, while it is idle, and for the first response. `reader` outlives
  // OnEnd, when the worker is idle again or has ended, and may destroy this
  // when it is called.
  void Ask(Query query, QueryReader* reader);

  // Asks for another response.
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
  // Null while it is idle.
  QueryReader* reader_ = nullptr;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_WORKER_H_
