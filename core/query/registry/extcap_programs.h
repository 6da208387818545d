// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_
#define CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A program that captures from what libpcap doesn't know.
struct ExtcapProgram {
  std::string name;
  std::string version;
  std::string path;
};

// Runs all programs of Wireshark's folder for them, as Wireshark does, and
// gives those that have an interface, in the order of their names.
std::vector<ExtcapProgram> FindExtcapPrograms();

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_EXTCAP_PROGRAMS_H_
