// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_
#define CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A program that captures from a source that libpcap doesn't support.
struct ExtcapProgram {
  std::string name;
  std::string version;
  std::string path;
};

// Runs all programs in Wireshark's extcap folder, as Wireshark does, and
// returns those that have an interface, sorted by name.
std::vector<ExtcapProgram> FindExtcapPrograms();

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_
