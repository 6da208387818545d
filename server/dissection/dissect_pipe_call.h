// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECT_PIPE_CALL_H_
#define SERVER_DISSECTION_DISSECT_PIPE_CALL_H_

#include <memory>
#include <string>

#include "server/dissection/feeding_call.h"

namespace dissectd::server {

// A call of DissectionService.DissectPipe: the client sends a capture file.
class DissectPipeCall final : public FeedingCall {
 public:
  // Starts reading.
  static DissectPipeCall* Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context);

 private:
  using FeedingCall::FeedingCall;

  absl::Status Parse(const grpc::ByteBuffer& bytes) override;
  const v1::DissectRequest* request() const override;
  std::string file_name() const override { return message_.file_name(); }
  absl::StatusOr<absl::string_view> FileBytes() override;

  v1::DissectPipeRequest message_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_PIPE_CALL_H_
