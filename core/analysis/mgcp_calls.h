// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_MGCP_CALLS_H_
#define CORE_ANALYSIS_MGCP_CALLS_H_

#include <cstdint>
#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A request or response of MGCP.
struct MgcpMessage {
  CallPacket packet;
  bool is_request = false;
  // The verb of a request: `NTFY`, for example.
  std::string verb;
  // The endpoint of a request.
  std::string endpoint;
  // The names of the events that a request tells of, and of the signals that it
  // asks for, with commas between them.
  std::string events;
  std::string signals;
  // The first frame of the request, for responses and for requests that are
  // sent again; 0 for others.
  uint32_t request_frame = 0;
};

// Finds the calls of endpoints of MGCP, with the states that Wireshark's list
// of calls has. A call begins when somebody lifts the handset, or when a
// connection is made for an endpoint, which is then the callee.
class MgcpCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit MgcpCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const MgcpMessage& message);

 private:
  struct Known {
    VoipCall* call;
    // Whether the endpoint calls.
    bool is_caller;
  };

  Known* Find(const MgcpMessage& message);
  Known* FindByEndpoint(const MgcpMessage& message);
  Known* Begin(const MgcpMessage& message, bool is_caller);

  VoipCallList* const calls_;
  std::deque<Known> known_;
  // The last call of each endpoint, by its name in lower case.
  absl::flat_hash_map<std::string, Known*> by_endpoint_;
  // The calls by the frames of their requests.
  absl::flat_hash_map<uint32_t, Known*> by_request_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_MGCP_CALLS_H_
