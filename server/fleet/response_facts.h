// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_RESPONSE_FACTS_H_
#define SERVER_FLEET_RESPONSE_FACTS_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dissectd::server {

// What a fleet has to know of a DissectResponse with at most one frame, which
// it passes on without parsing the rest.
struct ResponseFacts {
  bool is_header = false;
  bool is_frame = false;
  // The number of the frame, or of the frame that crashed a dissector; 0 if it
  // has neither.
  uint32_t frame_number = 0;
  // The first and the last frame that were lost; 0 if none were.
  uint32_t first_lost_frame = 0;
  uint32_t last_lost_frame = 0;
  // The time of the frame, if it has one.
  std::optional<absl::Time> time;
};

// Errors: NODE_PROTOCOL_ERROR, if it isn't such a message, or has several
// frames.
absl::StatusOr<ResponseFacts> ReadResponseFacts(
    const grpc::ByteBuffer& response);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_RESPONSE_FACTS_H_
