// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_H248_CALLS_H_
#define CORE_ANALYSIS_H248_CALLS_H_

#include <cstdint>
#include <deque>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A request or reply of a command of H.248, which is also named Megaco.
struct H248Command {
  CallPacket packet;
  bool is_request = false;
  uint32_t transaction = 0;
  uint32_t context = 0;
  std::vector<std::string> terminations;
};

// Finds the contexts of H.248, which Wireshark's list of calls has as calls
// without states. They are the same if Wireshark keeps contexts, as its
// preferences `megaco.ctx_info` and `h248.ctx_info` say; else it confuses
// them.
class H248Calls {
 public:
  // `calls` is not owned and outlives this.
  explicit H248Calls(VoipCallList* calls) : calls_(calls) {}

  void Add(const H248Command& command);

 private:
  struct Known {
    VoipCall* call;
    // The gateway, as Wireshark sees it.
    std::string gateway;
    uint32_t context;
    absl::flat_hash_set<std::string> terminations;
    // The terminations of the first command, until there is another one.
    std::string first_terminations;
  };
  // Two addresses, the smaller one first, and a number between them.
  using Key = std::tuple<std::string, std::string, uint32_t>;

  static Key KeyOf(const CallPacket& packet, uint32_t number);
  Known* Find(const H248Command& command);
  Known* Begin(const H248Command& command);
  static std::string NewTerminations(const H248Command& command, Known* known);

  VoipCallList* const calls_;
  std::deque<Known> known_;
  absl::flat_hash_map<Key, Known*> by_context_;
  // The contexts that the gateway chooses, by the transactions that ask for
  // them.
  absl::flat_hash_map<Key, Known*> by_transaction_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_H248_CALLS_H_
