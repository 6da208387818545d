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
// started again: each is asked for once, and kept. The workers that answer may
// read folders and run programs, as nothing that a client sends reaches them.
// Used on the loop's thread only.
class EngineAnswers {
 public:
  using DoneFn =
      absl::AnyInvocable<void(const absl::StatusOr<grpc::ByteBuffer>& answer)>;

  explicit EngineAnswers(const QueryWorker::Deps& deps);
  ~EngineAnswers();
  EngineAnswers(const EngineAnswers&) = delete;
  EngineAnswers& operator=(const EngineAnswers&) = delete;

  // Calls `done` with the serialised answer, now or later. While the engine is
  // away this is its last answer, if there is one. Errors: those of workers.
  void Get(ipc::Query query, DoneFn done);

  // The engine was started: asks again for what was asked for before.
  void Refresh();

 private:
  class Answer;

  const QueryWorker::Deps deps_;
  std::map<ipc::Query, std::unique_ptr<Answer>> answers_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_ENGINE_ANSWERS_H_
