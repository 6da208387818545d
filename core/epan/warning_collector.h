// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WARNING_COLLECTOR_H_
#define CORE_EPAN_WARNING_COLLECTOR_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Collects what libwireshark warns of while it exists: for the client whose
// settings are applied, as the settings of a process are one client's. The
// warnings go to the log as well. At most one exists in a process at a time.
class WarningCollector {
 public:
  // Forgets what was collected before.
  WarningCollector();
  ~WarningCollector();
  WarningCollector(const WarningCollector&) = delete;
  WarningCollector& operator=(const WarningCollector&) = delete;

  // Collects a warning if there is a collector. Of several lines, only the
  // first is for clients: libwireshark's advice that follows is for the users
  // of its own programs.
  static void Add(absl::string_view warning);

  // Returns the warnings that the last collector found, as valid UTF-8 and in
  // their order.
  static const std::vector<std::string>& Collected();
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WARNING_COLLECTOR_H_
