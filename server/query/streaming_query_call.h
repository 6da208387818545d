// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_STREAMING_QUERY_CALL_H_
#define SERVER_QUERY_STREAMING_QUERY_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "server/call_gate.h"
#include "server/query/query_reader.h"
#include "server/query/query_session.h"
#include "server/session_limit.h"
#include "server/streaming_call.h"

namespace dissectd {

// One server-streaming call that libwireshark answers, in a session of its own.
class StreamingQueryCall : public StreamingCall<grpc::ByteBuffer>,
                           private QueryReader {
 public:
  // `parts` are not owned and outlive the call. Exactly one of Start and Fail
  // is then called, once, from any thread.
  static std::shared_ptr<StreamingQueryCall> Create(
      const QuerySession::Parts& parts, CallGate::Pass pass);

  void Start(QueryOfItsOwn query);
  void Fail(const absl::Status& status);

 private:
  StreamingQueryCall(const QuerySession::Parts& parts, CallGate::Pass pass)
      : StreamingCall(parts.loop, std::move(pass)), parts_(parts) {}

  // Below: the loop's thread only.
  absl::Status Begin(QueryOfItsOwn query);
  void DoNext() override;
  void OnFinish() override;

  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  bool HasRoom() const override { return !next_.has_value(); }

  const QuerySession::Parts parts_;
  SessionLimit::Place place_;
  std::shared_ptr<QuerySession> session_;
  // Read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // What the call shall end with, once all responses are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_QUERY_STREAMING_QUERY_CALL_H_
