// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_FORWARDING_CALL_H_
#define SERVER_DISSECTION_FORWARDING_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "core/base/status_macros.h"
#include "server/dissection/worker_answer.h"
#include "server/engine/engines.h"
#include "server/rpc/call_observer.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// A call that forwards the answer of a worker of its own. `Base` is an
// AnsweringCall.
template <typename Base>
class ForwardingCall : public Base {
 protected:
  using Base::Base;

  // Whether the call needs no more input: its answer has ended, or the client
  // has gone.
  bool is_over() const {
    return answer_.status().has_value() || this->is_cancelled();
  }
  bool has_worker() const { return answer_.started(); }

  // Starts the worker. Errors: TOO_MANY_WORKERS, those of Engines::Choose and
  // of Worker::Start.
  absl::Status StartWorker(const Engines& engines, WorkerAnswer::Work work) {
    const CallInfo& info = this->context()->info();
    ASSIGN_OR_RETURN(
        EngineSupervisor* const engine,
        engines.Choose(ChosenEngine(info, work.request.options().engine())));
    ASSIGN_OR_RETURN(WorkerLimit::Permit permit,
                     this->context()->TakeWorkerPermit());
    work.log_ids = LogIdsOf(info);
    return answer_.Start(this->loop(), engine, std::move(work),
                         std::move(permit));
  }

  // Ends the call with an error.
  void EndWith(const absl::Status& status) {
    answer_.Fail(status);
    this->Advance();
  }

  void OnCancelled() override { answer_.Cancel(); }
  // Stops listening to a worker that still has messages.
  void OnFinish() override { answer_.Cancel(); }

 private:
  void DoNext() override {
    if (!this->is_writing()) {
      if (std::optional<grpc::ByteBuffer> message = answer_.Take()) {
        this->Write(*message);
      } else if (answer_.status().has_value()) {
        return this->FinishWith(*answer_.status());
      }
    }
    answer_.Read();
  }

  WorkerAnswer answer_{[this] { this->Advance(); }};
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_FORWARDING_CALL_H_
