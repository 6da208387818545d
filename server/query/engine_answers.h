// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_ENGINE_ANSWERS_H_
#define SERVER_QUERY_ENGINE_ANSWERS_H_

#include <grpcpp/support/byte_buffer.h>

#include <map>
#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/query/query_worker.h"

namespace dissectd::server {

// Answers to queries about the engine itself, which stay the same until it is
// restarted: each query is sent once, and its answer is kept. The workers that
// answer may read folders and run programs, as no data from clients reaches
// them. Used on the loop's thread only.
class EngineAnswers {
 public:
  using DoneFn =
      absl::AnyInvocable<void(const absl::StatusOr<grpc::ByteBuffer>& answer)>;

  explicit EngineAnswers(const QueryWorker::Deps& deps);
  ~EngineAnswers();
  EngineAnswers(const EngineAnswers&) = delete;
  EngineAnswers& operator=(const EngineAnswers&) = delete;

  // Calls `done` with the serialised answer, now or later. While the engine is
  // unavailable, this is its last answer, if there is one. Errors: those of
  // workers.
  void Get(ipc::Query query, DoneFn done);

  // Sends all earlier queries again, after the engine was started.
  void Refresh();

  // Called before the engine is stopped, so that nobody is warned of its end.
  void ExpectEnd();

 private:
  class Answer;

  const QueryWorker::Deps deps_;
  std::map<ipc::Query, std::unique_ptr<Answer>> answers_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_ENGINE_ANSWERS_H_
