// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_UNISTIM_CALLS_H_
#define CORE_ANALYSIS_UNISTIM_CALLS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// What happens at a phone of UNIStim.
struct UnistimEvent {
  enum class Kind { kKeyPressed, kHandsetLifted, kStreamOpened, kStreamClosed };

  CallPacket packet;
  Kind kind = Kind::kKeyPressed;
  // The number of the phone; 0 if the packet doesn't tell it.
  uint32_t terminal = 0;
  bool has_terminal = false;
  // The number of the key.
  uint32_t key = 0;
};

// Finds the calls of UNIStim, with the states that Wireshark's list of calls
// has. As there, a call starts over when its stream is opened.
class UnistimCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit UnistimCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const UnistimEvent& event);

 private:
  // The addresses of a phone and its switch, the smaller one first.
  using Hosts = std::pair<std::string, std::string>;
  struct Known {
    VoipCall* call;
    Hosts hosts;
    // The number of the phone, if it is known.
    std::optional<uint32_t> terminal;
    // What was dialled since the stream was opened.
    std::string digits;
  };

  static Hosts HostsOf(const CallPacket& packet);
  // Returns the number of the call that an event is about; nothing if there is
  // none.
  std::optional<size_t> Find(const UnistimEvent& event) const;
  size_t Begin(const UnistimEvent& event);
  void Close(const UnistimEvent& event, size_t number);

  VoipCallList* const calls_;
  std::deque<Known> known_;
  // The calls that haven't ended, by their phones' numbers and by their hosts.
  absl::flat_hash_map<uint32_t, size_t> by_terminal_;
  absl::flat_hash_map<Hosts, std::set<size_t>> by_hosts_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_UNISTIM_CALLS_H_
