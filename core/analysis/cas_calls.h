// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CAS_CALLS_H_
#define CORE_ANALYSIS_CAS_CALLS_H_

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A trace of AudioCodes about a channel with channel-associated signalling.
struct CasTrace {
  CallPacket packet;
  int32_t trunk = 0;
  int32_t channel = 0;
  bool is_from_network = false;
};

// Finds the channels in traces of AudioCodes, which Wireshark's list of calls
// has as calls that are being set up, with the protocol `AC_CAS`.
class CasCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit CasCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const CasTrace& trace);

 private:
  VoipCallList* const calls_;
  // All calls by their trunks and channels.
  absl::flat_hash_map<std::pair<int32_t, int32_t>, VoipCall*> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CAS_CALLS_H_
