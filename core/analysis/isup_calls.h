// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_ISUP_CALLS_H_
#define CORE_ANALYSIS_ISUP_CALLS_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// The label of MTP3, or of M3UA in its place.
struct IsupRoute {
  uint32_t frame_number = 0;
  uint32_t origin = 0;
  uint32_t destination = 0;
  uint32_t network = 0;
};

// A message of ISUP.
struct IsupMessage {
  CallPacket packet;
  IsupRoute route;
  uint32_t circuit = 0;
  uint32_t type = 0;
  std::string calling_number;
  std::string called_number;
};

// Finds the calls of ISUP, with the states that Wireshark's list of calls has.
// A call is that of a circuit between two points of a network.
class IsupCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit IsupCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const IsupMessage& message);

 private:
  // The network, both points, the smaller one first, and the circuit.
  using Circuit = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  struct Known {
    VoipCall* call;
    // The point that called.
    uint32_t caller;
  };

  Known Begin(const IsupMessage& message);

  VoipCallList* const calls_;
  // The last call of each circuit.
  absl::flat_hash_map<Circuit, Known> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_ISUP_CALLS_H_
