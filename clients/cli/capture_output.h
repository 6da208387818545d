// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_OUTPUT_H_
#define CLIENTS_CLI_CAPTURE_OUTPUT_H_

#include <sys/types.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A capture file on this machine that is written in pieces. Errors are
// FAILED_PRECONDITION with tshark's message, or ABORTED if the reader of a pipe
// has gone. If it is neither written nor
// closed, a file that existed before stays as it was, and a new one is deleted.
//
// Thread-compatible.
class CaptureOutput {
 public:
  // `-` is standard output. `mode` is that of a new file before the umask is
  // applied.
  explicit CaptureOutput(std::string path, mode_t mode = 0666)
      : path_(std::move(path)), mode_(mode) {}
  ~CaptureOutput();
  CaptureOutput(const CaptureOutput&) = delete;
  CaptureOutput& operator=(const CaptureOutput&) = delete;

  // Opens or creates the file.
  absl::Status Open();
  // Does the same for a caller with messages of its own. Returns an error
  // number; 0 if all is well.
  int TryOpen();
  absl::Status Write(absl::string_view bytes);
  absl::Status Close();

 private:
  // Removes what the file had before.
  absl::Status Begin();
  // The name of the file in messages.
  std::string Description() const;
  absl::Status WriteFailure(int error) const;

  const std::string path_;
  const mode_t mode_;
  int fd_ = -1;
  bool is_new_ = false;
  bool begun_ = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_OUTPUT_H_
