// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECT_CALL_H_
#define SERVER_DISSECT_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/call_gate.h"
#include "server/capture/live_feed.h"
#include "server/epan_host.h"
#include "server/io_loop.h"
#include "server/session_limit.h"
#include "server/session_process.h"
#include "server/session_socket.h"
#include "server/unique_fd.h"

namespace dissectd {

// One call of DissectionService.Dissect: forwards what its session sends, one
// message at a time, so that a slow client slows its session and nothing else.
//
// gRPC's reactions only post to the loop; all state is the loop's. The call
// owns itself until gRPC is done with it and its session has ended.
class DissectCall : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                    public std::enable_shared_from_this<DissectCall> {
 public:
  // What the session works on.
  struct Work {
    // A file; its name is without folders, and may be empty. Of a live capture
    // both are the first file's, and found by the call.
    UniqueFd capture;
    std::string capture_name;
    // Without the bytes of an inline capture.
    v1::DissectRequest request;
    SessionLimit::Place place;
  };

  // What calls work with. Nothing is owned; all outlives the call.
  struct Parts {
    IoLoop* loop;
    EpanHost* host;
    LiveFeed::Parts live;
  };

  static std::shared_ptr<DissectCall> Create(const Parts& parts,
                                             CallGate::Pass pass);

  // Begins, or ends at once with an error. Exactly one of them, once, from any
  // thread.
  void Start(Work work);
  void Fail(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  DissectCall(const Parts& parts, CallGate::Pass pass)
      : loop_(parts.loop),
        host_(parts.host),
        live_parts_(parts.live),
        pass_(std::move(pass)) {}

  // Below: the loop's thread only.
  // Waits for the first file of a live capture, which may be empty still.
  void FollowCapture(Work work);
  absl::Status StartSession(Work work, const std::string& live_file);
  void OnLiveWant(const std::string& want);
  void FailSession(const absl::Status& status);
  void OnRead(SessionSocket::ReadResult result,
              const SessionSocket::Frame& frame);
  void OnSessionEnded(const SessionEnd& end);
  void Cancel();
  // Does what can be done next.
  void Advance();
  void Write(const grpc::ByteBuffer& message);
  void ReportSilentEnd();
  void FinishWith(grpc::Status status);

  IoLoop* const loop_;
  EpanHost* const host_;
  const LiveFeed::Parts live_parts_;
  CallGate::Pass pass_;
  // Until OnDone.
  std::shared_ptr<DissectCall> self_;

  std::unique_ptr<SessionProcess> session_;
  // Of a live capture.
  std::shared_ptr<LiveFeed> feed_;
  SessionLimit::Place place_;
  std::optional<SessionEnd> session_end_;

  bool reading_ = false;
  // The session's channel has closed.
  bool closed_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  // Present while gRPC works on it.
  std::optional<grpc::ByteBuffer> in_flight_;
  // Read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // What the call shall end with, once all messages are sent.
  std::optional<grpc::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_DISSECT_CALL_H_
