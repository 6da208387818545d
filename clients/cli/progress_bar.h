// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PROGRESS_BAR_H_
#define CLIENTS_CLI_PROGRESS_BAR_H_

#include <chrono>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Shows the progress of a long operation in a line on stderr. Silent unless
// stderr is a terminal and stdout is not, as the line would otherwise end up in
// a log or in the output.
//
// Thread-compatible.
class ProgressBar {
 public:
  ProgressBar();
  // Erases the line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Shows `done` of `total` (0 if unknown), at most ten times a second.
  void Update(absl::string_view what, uint64_t done, uint64_t total);

  // Erases the line to make room for other text on stderr.
  void Clear();

 private:
  const bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PROGRESS_BAR_H_
