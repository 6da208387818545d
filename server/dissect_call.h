// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECT_CALL_H_
#define SERVER_DISSECT_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/call_gate.h"
#include "server/capture_source.h"
#include "server/epan_host.h"
#include "server/io_loop.h"
#include "server/session_limit.h"
#include "server/session_process.h"
#include "server/session_socket.h"
#include "server/streaming_call.h"

namespace dissectd {

// One call of DissectionService.Dissect on a file: forwards what its session
// sends, one message at a time, so that a slow client slows its session and
// nothing else. Lives until its session has ended as well.
class DissectCall : public StreamingCall<grpc::ByteBuffer> {
 public:
  // What the session works on.
  struct Work {
    CaptureSource capture;
    // Without the bytes of an inline capture.
    v1::DissectRequest request;
    SessionLimit::Place place;
  };

  // What calls work with. Nothing is owned; all outlives the call.
  struct Parts {
    IoLoop* loop;
    EpanHost* host;
  };

  static std::shared_ptr<DissectCall> Create(const Parts& parts,
                                             CallGate::Pass pass);

  // Begins, or ends at once with an error. Exactly one of them, once, from any
  // thread.
  void Start(Work work);
  void Fail(const absl::Status& status);

 private:
  DissectCall(const Parts& parts, CallGate::Pass pass)
      : StreamingCall(parts.loop, std::move(pass)), host_(parts.host) {}

  absl::Status StartSession(Work work);
  void FailSession(const absl::Status& status);
  void Read();
  void OnRead(SessionSocket::ReadResult result,
              const SessionSocket::Frame& frame);
  void OnSessionEnded(const SessionEnd& end);
  void ReportSilentEnd();
  void DoNext() override;
  void OnCancelled() override;
  void OnFinish() override;

  EpanHost* const host_;
  std::unique_ptr<SessionProcess> session_;
  SessionLimit::Place place_;
  std::optional<SessionEnd> session_end_;

  bool reading_ = false;
  // The session's channel has closed.
  bool closed_ = false;
  // Read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // What the call shall end with, once all messages are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_DISSECT_CALL_H_
