// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_RESPONSE_STREAM_H_
#define CLIENTS_CPP_RESPONSE_STREAM_H_

#include <cstdint>

#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/support/status.h"

namespace dissectd {

// The answer to a call that dissects a capture.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;

  // Returns the next message, valid until Next is called again. Returns null at
  // the end of the stream or if a message cannot be parsed.
  virtual const v1::DissectResponse* Next() = 0;

  // Returns the status of the call. Call it once, after Next has returned null.
  virtual grpc::Status Finish() = 0;

  // The size of all messages so far.
  virtual uint64_t bytes_received() const = 0;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_RESPONSE_STREAM_H_
