// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_ENGINE_ANSWERS_H_
#define SERVER_QUERY_ENGINE_ANSWERS_H_

#include <grpcpp/support/byte_buffer.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/engine/worker_parent.h"

namespace dissectd::server {

// Answers to queries about engines themselves, which stay the same until an
// engine is restarted: each query is sent once, and its answer is kept. The
// workers that answer may read folders and run programs, as no data from
// clients reaches them. Used on the loop's thread only.
class EngineAnswers {
 public:
  using DoneFn =
      absl::AnyInvocable<void(const absl::StatusOr<grpc::ByteBuffer>& answer)>;

  // `loop` is not owned and outlives this, as do all engines below.
  explicit EngineAnswers(IoLoop* loop);
  ~EngineAnswers();
  EngineAnswers(const EngineAnswers&) = delete;
  EngineAnswers& operator=(const EngineAnswers&) = delete;

  // Calls `done` with the serialised answer, now or later. While the engine is
  // unavailable, this is its last answer, if there is one. Errors: those of
  // workers.
  void Get(WorkerParent* engine, ipc::Query query, DoneFn done);

  // Calls `done` with the answers of several engines, one after the other, now
  // or later: as a message, they are the first one with the lists of the others
  // added to its own. Engines that don't answer are left out. Errors: those of
  // workers, if none answers.
  void GetOfAll(const std::vector<WorkerParent*>& engines, ipc::Query query,
                DoneFn done);

  // Sends all earlier queries to an engine again, after it was started.
  void Refresh(WorkerParent* engine);

  // Called before the engine is stopped, so that nobody is warned of its end.
  void ExpectEnd();

 private:
  class Answer;
  struct Collection;

  IoLoop* const loop_;
  std::map<std::pair<WorkerParent*, ipc::Query>, std::unique_ptr<Answer>>
      answers_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_ENGINE_ANSWERS_H_
