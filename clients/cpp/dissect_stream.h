// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_DISSECT_STREAM_H_
#define CLIENTS_CPP_DISSECT_STREAM_H_

#include <cstdint>
#include <memory>

#include "clients/cpp/response_stream.h"
#include "dissectd/v1/dissection.pb.h"
#include "google/protobuf/arena.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"

namespace dissectd {

// A call of DissectionService.Dissect.
//
// Receives messages as bytes and parses them here, so that their size is known
// and the next message arrives while one is processed.
//
// Thread-compatible.
class DissectStream final : public ResponseStream {
 public:
  // Starts the call. `context`, which may cancel it, outlives this.
  DissectStream(const std::shared_ptr<grpc::Channel>& channel,
                const v1::DissectRequest& request,
                grpc::ClientContext* context);
  // Cancels the call if it has not ended.
  ~DissectStream() override;
  DissectStream(const DissectStream&) = delete;
  DissectStream& operator=(const DissectStream&) = delete;

  const v1::DissectResponse* Next() override;
  grpc::Status Finish() override;
  uint64_t bytes_received() const override { return bytes_received_; }

 private:
  // Waits for the operation under way; returns whether it succeeded.
  bool Wait();
  void StartRead();

  grpc::ClientContext* const context_;
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer incoming_;
  bool reading_ = false;
  bool malformed_ = false;
  bool finished_ = false;
  uint64_t bytes_received_ = 0;
  std::unique_ptr<char[]> first_block_;
  std::unique_ptr<google::protobuf::Arena> arena_;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_DISSECT_STREAM_H_
