// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SKINNY_CALLS_H_
#define CORE_ANALYSIS_SKINNY_CALLS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A message of Skinny.
struct SkinnyMessage {
  CallPacket packet;
  // The type of the message.
  uint32_t id = 0;
  // The number of the call, or else of its media; 0 for none.
  uint32_t call = 0;
  // The state of the call; 0 if the message doesn't say it.
  uint32_t state = 0;
  std::optional<std::string> calling_party;
  std::optional<std::string> called_party;
};

// Finds the calls of Skinny, with the states that Wireshark's list of calls
// has. As there, the first message of a call only begins it, and all messages
// with one number are one call.
class SkinnyCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit SkinnyCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const SkinnyMessage& message);

 private:
  VoipCallList* const calls_;
  // All calls by their numbers.
  absl::flat_hash_map<uint32_t, VoipCall*> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SKINNY_CALLS_H_
