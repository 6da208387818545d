// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IAX2_CALLS_H_
#define CORE_ANALYSIS_IAX2_CALLS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A full frame of IAX2.
struct Iax2Frame {
  CallPacket packet;
  // The numbers of the call at its source and at its destination; 0 for none.
  uint32_t source_call = 0;
  uint32_t destination_call = 0;
  // For example `NEW`.
  std::string name;
  std::string calling_party;
  std::string called_party;
  CallState state = CallState::kNone;
};

// Finds the calls of IAX2, which begin with NEW. Their states are those that
// the dissector gives to their last full frames.
class Iax2Calls {
 public:
  // `calls` is not owned and outlives this.
  explicit Iax2Calls(VoipCallList* calls) : calls_(calls) {}

  void Add(const Iax2Frame& frame);

 private:
  VoipCall* Find(const Iax2Frame& frame) const;

  VoipCallList* const calls_;
  // All calls, by the address of each side and the number that the call has
  // there.
  absl::flat_hash_map<std::pair<std::string, uint32_t>, VoipCall*> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IAX2_CALLS_H_
