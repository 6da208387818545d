// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_QUERY_WORKER_H_
#define SERVER_QUERY_QUERY_WORKER_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/protocol.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/capture/live_feed.h"
#include "server/engine/fork_table.h"
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
  // The frames of a session that are left out.
  std::vector<ipc::KnownCrash> crashes;
  // The edits of a session, and the records that its read filter lets pass, as
  // ipc::QueryHeader has them.
  std::string edits = {};
  std::string kept_records = {};
  // The file to write the answer to, if any, and the limit of its size.
  UniqueFd output;
  uint64_t max_output_bytes = 0;
  // The captures that it reads besides that of the worker, and their names if
  // the request doesn't have them. Only with an output.
  std::vector<UniqueFd> inputs;
  std::vector<std::string> input_names = {};
  // The number of records to read of a capture; absent for all.
  std::optional<uint32_t> max_records = std::nullopt;
  // What LogIdsOf returns of the call that asks; empty if it serves no call, or
  // several.
  std::string log_ids = {};
};

// A query that gets a separate worker.
struct DedicatedQuery {
  Query query;
  // The file that the query is about, if any, and its name without folders.
  UniqueFd capture;
  std::string capture_name;
  // The engine that the request's options choose; empty if they choose none.
  std::string engine;
  // For streams: kept until the worker is no longer needed, and called on the
  // loop's thread when it has begun to answer; may be null.
  std::shared_ptr<void> held;
  absl::AnyInvocable<void()> on_first_response;
};

// A worker that answers queries, one at a time, and can fork others that do the
// same. If it ends, its forks end in the same way. Destruction ends the worker
// and its current query. Used on the loop's thread only.
class QueryWorker : public RunningQuery,
                    public WorkerParent,
                    private Worker::Listener {
 public:
  ~QueryWorker() override {
    if (feed_ != nullptr) feed_->Close();
  }

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

  // Starts the first worker of a session. Errors: as Start.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartForSession(
      const Deps& deps, UniqueFd capture, const std::string& capture_name);

  // Starts a worker for a capture that may still run. Errors: as Start.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartLive(
      const Deps& deps, LiveFeed::File file, WorkerLimit::Permit permit);

  // Starts a fork of a worker that answers queries of the same kind. Errors:
  // those of Worker.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      IoLoop* loop, WorkerParent* parent);

  // Starts a fork of a worker that is idle or reads a live capture. The worker
  // lives as long as the fork does. Errors: those of Worker.
  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartFork(
      IoLoop* loop, std::shared_ptr<QueryWorker> parent,
      WorkerLimit::Permit permit);

  // Whether it can answer another query.
  bool is_idle() const { return reader_ == nullptr && !ended_; }

  // Sends a query to the idle worker, and requests the first response. `reader`
  // outlives OnEnd. Then the worker is idle again or has ended, and the reader
  // may destroy this object.
  void Ask(Query query, QueryReader* reader);

  // Lets the worker read a live capture for the query that it was just asked.
  // `file` is what LiveFeed::File::Payload returns of the first file.
  void Feed(std::shared_ptr<LiveFeed> feed, const std::string& file);

  void ReadMore() override {
    if (worker_ != nullptr) worker_->Read();
  }

  // Calls `ended` if the worker ends while it is idle.
  void OnIdleEnd(absl::AnyInvocable<void(const absl::Status&)> ended) {
    on_idle_end_ = std::move(ended);
    ReadMore();
  }

  // MessageHeader.last_frame of the last response.
  uint32_t last_frame() const { return last_frame_; }

  // How the process crashed; null unless it did.
  const WorkerOutcome* crash() const {
    return outcome_.has_value() && outcome_->crashed() ? &*outcome_ : nullptr;
  }
  // Whether it ended because the idle worker that forked it has ended.
  bool lost_parent() const { return parent_ != nullptr && parent_->ended_; }
  // Whether it can't answer or fork any more.
  bool has_ended() const { return ended_; }
  // Does what Worker::TakePermit does, when the reader's OnEnd calls it.
  WorkerLimit::Permit TakePermit() {
    return worker_ == nullptr ? WorkerLimit::Permit() : worker_->TakePermit();
  }
  // Does what Worker::GivePermit does, while the worker is idle.
  void GivePermit(WorkerLimit::Permit permit) {
    worker_->GivePermit(std::move(permit));
  }

  // Returns what Worker::pid does; 0 once the worker has ended.
  pid_t pid() const { return worker_ == nullptr ? 0 : worker_->pid(); }

  uint64_t StartWorker(WorkerStart start, EndedFn ended) override;
  void KillWorker(uint64_t id) override;

 private:
  explicit QueryWorker(IoLoop* loop) : loop_(loop) {}

  static absl::StatusOr<std::unique_ptr<QueryWorker>> StartWith(
      const Deps& deps, Worker::Options options,
      const std::string& capture_name);

  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  void OnReadRequest(const std::string& bytes);
  // Ends a worker that sent something unexpected.
  void Break();
  void End(const absl::Status& status, const WorkerEnd& end);

  IoLoop* const loop_;
  // Null, or the worker that forked this one.
  std::shared_ptr<QueryWorker> parent_;
  // Null once it has broken the protocol.
  std::unique_ptr<Worker> worker_;
  // Null unless it reads a live capture.
  std::shared_ptr<LiveFeed> feed_;
  ForkTable forks_;
  absl::AnyInvocable<void(const absl::Status&)> on_idle_end_;
  ipc::RequestId request_ = 0;
  // The ids that the process has for its log.
  std::string log_ids_;
  // Null while the worker is idle.
  QueryReader* reader_ = nullptr;
  uint32_t last_frame_ = 0;
  std::optional<WorkerOutcome> outcome_;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_QUERY_WORKER_H_
