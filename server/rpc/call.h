// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_H_
#define SERVER_RPC_CALL_H_

#include <grpcpp/support/status.h>

#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// The time that a client has to send the first bytes of a capture, or a chunk
// of an upload.
inline constexpr std::chrono::seconds kFirstBytesTimeout(60);

// The base of all kinds of calls: their context and lifetime. A call owns
// itself from Own until gRPC has finished with it. It lives on while others
// refer to it, and is destroyed on the loop's thread if gRPC had the last
// reference. A call that exceeds a limit of time is ended: if its client
// doesn't read what is sent, doesn't send what is read, or if it takes too
// long.
class Call : public std::enable_shared_from_this<Call> {
 public:
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CallContext* context() const { return context_.get(); }

 protected:
  // `loop` is not owned and outlives the call.
  Call(IoLoop* loop, std::unique_ptr<CallContext> context)
      : loop_(loop), context_(std::move(context)), timer_(loop->context()) {}

  // Keeps the call alive until Release. Must be called once, before gRPC knows
  // the call. Returns the call.
  template <typename T>
  static T* Own(std::shared_ptr<T> call) {
    T* raw = call.get();
    raw->self_ = std::move(call);
    raw->WatchTime();
    return raw;
  }

  // Returns a derived class's `this` as a shared pointer, for callbacks.
  template <typename T>
  static std::shared_ptr<T> Shared(T* call) {
    return std::static_pointer_cast<T>(call->shared_from_this());
  }

  IoLoop* loop() const { return loop_; }

  // Whether the call follows something live, and may take as long as it likes.
  virtual bool is_live() const { return false; }

  // Returns the time that the client has to send the message that is being
  // read; 0: no limit. Never becomes shorter. Called on the loop's thread.
  virtual std::chrono::seconds sender_timeout() const {
    return std::chrono::seconds(0);
  }
  // Returns the time of a client that sends what it captures. A capture can be
  // quiet for long, but its beginning comes soon.
  std::chrono::seconds CaptureSenderTimeout(bool has_begun) const;

  // Called on the loop's thread when the call has exceeded a limit of time,
  // possibly after its end. The status to end it with is
  // context()->CancelledStatus().
  virtual void OnOverdue() { context_->BreakOff(); }

  // Say when gRPC begins to send a message to the client, and when it has done
  // so. Called from any thread.
  void BeginWrite();
  void EndWrite() { writing_since_ = 0; }

  // Say when gRPC begins to read a message of the client, and when it has done
  // so. EndRead returns whether the read went on until now, as the end of the
  // client's time may have ended it before. Called from any thread.
  void BeginRead();
  bool EndRead() { return reading_since_.exchange(0) != 0; }

  // Records that the client has gone. Called from any thread.
  void SetClientGone() { context_->SetClientGone(); }

  // Records the status with which the call ends, and returns it for gRPC. Must
  // be called once, right before the reactor's Finish.
  grpc::Status EndingWith(absl::Status status);

  // Notifies the observers, and drops the reference to the call. Every
  // reactor's OnDone calls this last.
  void Release();

 private:
  using Clock = std::chrono::steady_clock;

  void WatchTime();
  // Ends the call if it is overdue, or looks again when it could be. A timer
  // for each message would cost more.
  void CheckTime();
  CallContext::Overdue OverdueAt(Clock::time_point now) const;
  std::chrono::seconds LimitOf(CallContext::Overdue overdue) const;
  // Returns a time until which the call won't be overdue.
  Clock::time_point NextCheck(Clock::time_point now) const;
  Clock::time_point EndOfTime() const;
  Clock::time_point EndOfWrite() const;
  Clock::time_point EndOfRead() const;

  IoLoop* const loop_;
  const std::unique_ptr<CallContext> context_;
  const Clock::time_point start_ = Clock::now();
  asio::steady_timer timer_;
  // When the current write began, by Clock; 0 if there is none.
  std::atomic<Clock::rep> writing_since_{0};
  // When the current read began, likewise.
  std::atomic<Clock::rep> reading_since_{0};
  absl::Status status_;
  // Keeps the call alive until Release.
  std::shared_ptr<Call> self_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_H_
