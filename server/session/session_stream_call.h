// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_STREAM_CALL_H_
#define SERVER_SESSION_SESSION_STREAM_CALL_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"
#include "server/session/session.h"

namespace dissectd::server {

// A call of OpenSession or WatchSession, whose responses have the same fields:
// sends the changes of a session at the client's pace.
class SessionStreamCall : public StreamingCall {
 public:
  enum class Until {
    // The session can be used.
    kReady,
    // It is closed.
    kClosed,
  };
  // Opens or finds the session, on the loop's thread.
  using GetFn = absl::AnyInvocable<absl::StatusOr<std::shared_ptr<Session>>()>;

  // `loop` is not owned and outlives the call. The caller then calls either
  // Start or Fail, once, from any thread.
  static SessionStreamCall* Create(IoLoop* loop,
                                   std::unique_ptr<CallContext> context,
                                   Until until);

  void Start(GetFn get);
  void Fail(const absl::Status& status);

 private:
  SessionStreamCall(IoLoop* loop, std::unique_ptr<CallContext> context,
                    Until until)
      : StreamingCall(loop, std::move(context)), until_(until) {}

  // The methods below run on the loop's thread only.
  void Follow(std::shared_ptr<Session> session);
  // The call lasts as long as the session, or as the capture is read.
  bool is_live() const override { return until_ == Until::kClosed; }
  void DoNext() override;
  void SendSession();
  void SendProgress();
  void OnFinish() override;

  const Until until_;
  std::shared_ptr<Session> session_;
  uint64_t subscription_ = 0;
  // What was sent last.
  uint64_t change_number_ = 0;
  uint64_t progress_number_ = 0;
  v1::SessionState sent_state_ = v1::SESSION_STATE_UNSPECIFIED;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_STREAM_CALL_H_
