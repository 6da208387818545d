// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_ISDN_CALLS_H_
#define CORE_ANALYSIS_ISDN_CALLS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A message of Q.931.
struct IsdnMessage {
  CallPacket packet;
  // The call reference value.
  int32_t reference = 0;
  uint32_t type = 0;
  std::string calling_number;
  std::string called_number;
};

// Finds the calls of Q.931, with the states that Wireshark's list of calls has,
// where their protocol is `AC_ISDN`. As there, all messages with one call
// reference value are one call.
class IsdnCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit IsdnCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const IsdnMessage& message);

 private:
  VoipCallList* const calls_;
  // All calls by their call reference values.
  absl::flat_hash_map<int32_t, VoipCall*> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_ISDN_CALLS_H_
