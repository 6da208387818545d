// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PROTOCOLS_H_
#define CORE_EPAN_PROTOCOLS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::engine {

// Protocols and heuristic dissectors that are enabled or disabled unlike in the
// profile: tshark's --disable-protocol, --enable-protocol, --disable-heuristic
// and --enable-heuristic.
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

// Enables or disables a protocol in this process. Errors: INVALID_ARGUMENT
// (PROTOCOL_UNKNOWN).
absl::Status SetProtocolEnabled(const std::string& name, bool enabled);

// Enables or disables a heuristic dissector in this process. Errors:
// INVALID_ARGUMENT (HEURISTIC_UNKNOWN).
absl::Status SetHeuristicEnabled(const std::string& name, bool enabled);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PROTOCOLS_H_
