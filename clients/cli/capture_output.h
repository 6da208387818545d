// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_OUTPUT_H_
#define CLIENTS_CLI_CAPTURE_OUTPUT_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A capture file on this machine that is written in pieces. Errors are
// FAILED_PRECONDITION with tshark's message.
//
// Thread-compatible.
class CaptureOutput {
 public:
  // `-` is standard output.
  explicit CaptureOutput(std::string path) : path_(std::move(path)) {}
  ~CaptureOutput();
  CaptureOutput(const CaptureOutput&) = delete;
  CaptureOutput& operator=(const CaptureOutput&) = delete;

  // Creates the file, or truncates it.
  absl::Status Open();
  absl::Status Write(absl::string_view bytes);
  absl::Status Close();

 private:
  // The name of the file in messages.
  std::string Description() const;
  absl::Status WriteFailure(int error) const;

  const std::string path_;
  int fd_ = -1;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_OUTPUT_H_
