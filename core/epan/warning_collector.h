// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WARNING_COLLECTOR_H_
#define CORE_EPAN_WARNING_COLLECTOR_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Collects libwireshark's warnings while it exists, for the client whose
// settings are applied: a process has settings of only one client. The warnings
// go to the log as well. At most one exists in a process at a time.
class WarningCollector {
 public:
  // Makes a warning readable for the client.
  using Rewrite = std::function<std::string(absl::string_view warning)>;

  // Discards warnings that were collected before.
  explicit WarningCollector(Rewrite rewrite);
  ~WarningCollector();
  WarningCollector(const WarningCollector&) = delete;
  WarningCollector& operator=(const WarningCollector&) = delete;

  // Collects a warning if there is a collector. Only the first line is for
  // clients: the advice in further lines is for users of Wireshark's own
  // programs.
  static void Add(absl::string_view warning);

  // Collects a report of several lines if there is a collector, for example
  // about files that can't be read.
  static void AddReport(absl::string_view report);

  // Returns the warnings that the last collector found, as valid UTF-8 and in
  // their order.
  static const std::vector<std::string>& Collected();
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WARNING_COLLECTOR_H_
