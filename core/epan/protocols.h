// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PROTOCOLS_H_
#define CORE_EPAN_PROTOCOLS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd {

// Which protocols and heuristic dissectors differ from the profile: tshark's
// --disable-protocol, --enable-protocol, --disable-heuristic and
// --enable-heuristic.
struct ProtocolSwitches {
  // Filter names of protocols.
  std::vector<std::string> disabled_protocols;
  std::vector<std::string> enabled_protocols;
  // Short names of heuristic dissectors.
  std::vector<std::string> disabled_heuristics;
  std::vector<std::string> enabled_heuristics;

  bool empty() const {
    return disabled_protocols.empty() && enabled_protocols.empty() &&
           disabled_heuristics.empty() && enabled_heuristics.empty();
  }
};

// Disables, then enables, in this process. Errors: INVALID_ARGUMENT with
// PROTOCOL_UNKNOWN or HEURISTIC_UNKNOWN.
absl::Status ApplyProtocolSwitches(const ProtocolSwitches& switches);

}  // namespace dissectd

#endif  // CORE_EPAN_PROTOCOLS_H_
