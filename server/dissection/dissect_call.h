// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECT_CALL_H_
#define SERVER_DISSECTION_DISSECT_CALL_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/dissection/forwarding_call.h"
#include "server/dissection/worker_answer.h"
#include "server/engine/engines.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of DissectionService.Dissect for a file.
class DissectCall final : public ForwardingCall<StreamingCall> {
 public:
  using Work = WorkerAnswer::Work;

  // The dependencies of calls. Nothing is owned; everything outlives the call.
  struct Deps {
    IoLoop* loop;
    const Engines* engines;
  };

  static DissectCall* Create(const Deps& deps,
                             std::unique_ptr<CallContext> context);

  // Start the call, or end it at once with an error. The caller calls one of
  // them, once, from any thread.
  void Start(Work work);
  void Fail(const absl::Status& status);

 private:
  DissectCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : ForwardingCall(deps.loop, std::move(context)), engines_(deps.engines) {}

  const Engines* const engines_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_CALL_H_
