// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DISSECTION_DISSECT_PACKETS_CALL_H_
#define SERVER_DISSECTION_DISSECT_PACKETS_CALL_H_

#include <memory>
#include <string>

#include "server/dissection/feeding_call.h"
#include "server/dissection/packet_file.h"

namespace dissectd::server {

// A call of DissectionService.DissectPackets: the client sends packets, and the
// worker reads them as a pcapng file.
class DissectPacketsCall final : public FeedingCall {
 public:
  // Starts reading.
  static DissectPacketsCall* Create(const Deps& deps,
                                    std::unique_ptr<CallContext> context);

 private:
  using FeedingCall::FeedingCall;

  absl::Status Parse(const grpc::ByteBuffer& bytes) override;
  const v1::DissectRequest* request() const override;
  absl::StatusOr<absl::string_view> FileBytes() override;

  v1::DissectPacketsRequest message_;
  PacketFile file_;
  // The bytes that stand for the message.
  std::string file_bytes_;
};

}  // namespace dissectd::server

#endif  // SERVER_DISSECTION_DISSECT_PACKETS_CALL_H_
