// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PROGRESS_BAR_H_
#define CLIENTS_CLI_PROGRESS_BAR_H_

#include <chrono>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A line on stderr that says how far a long operation has come. Silent unless
// stderr is a terminal and stdout is not: otherwise it would end up in a log,
// or between the output.
//
// Thread-compatible.
class ProgressBar {
 public:
  ProgressBar();
  // Wipes the line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Shows `done` of `total` (0 if unknown), at most ten times a second.
  void Update(absl::string_view what, uint64_t done, uint64_t total);

  // Wipes the line, for other text on stderr.
  void Clear();

 private:
  const bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PROGRESS_BAR_H_
