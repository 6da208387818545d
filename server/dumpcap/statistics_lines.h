// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_STATISTICS_LINES_H_
#define SERVER_DUMPCAP_STATISTICS_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// The number of packets that `dumpcap -S` has counted on an interface.
struct InterfaceCount {
  std::string name;
  // Modulo 2^32.
  uint32_t packets = 0;
};

// Parses the output of `dumpcap -S`, which may come in any pieces: lines
// `NAME TAB RECEIVED TAB DROPPED`.
class StatisticsLines {
 public:
  // Takes more bytes, and returns the counts of the lines that are complete
  // with them. Errors: DUMPCAP_PROTOCOL_ERROR.
  absl::StatusOr<std::vector<InterfaceCount>> Take(absl::string_view bytes);

 private:
  // The beginning of a line whose end has not come yet.
  std::string line_;
};

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_STATISTICS_LINES_H_
