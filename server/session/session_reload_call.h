// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_RELOAD_CALL_H_
#define SERVER_SESSION_SESSION_RELOAD_CALL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"
#include "server/session/session_change.h"

namespace dissectd::server {

// A call of ReloadSession. If the client goes away, the session stays as it
// was.
class SessionReloadCall final : public StreamingCall {
 public:
  // Makes the change, on the loop's thread.
  using MakeFn =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<SessionChange>>(
          SessionChange::Listener listener)>;

  // `loop` is not owned and outlives the call. The caller then calls either
  // Start or Fail, once, from any thread.
  static SessionReloadCall* Create(IoLoop* loop,
                                   std::unique_ptr<CallContext> context);

  void Start(MakeFn make);
  void Fail(const absl::Status& status);

 private:
  SessionReloadCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)) {}

  // The methods below run on the loop's thread only.
  void DoNext() override;
  void SendSession();
  void SendProgress();
  void OnFinish() override { change_.reset(); }

  std::unique_ptr<SessionChange> change_;
  // The end of the change, once it has ended.
  std::optional<absl::Status> end_;
  // The number of sessions that were sent: one at the beginning and one at the
  // end.
  int sessions_sent_ = 0;
  uint64_t progress_number_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_RELOAD_CALL_H_
