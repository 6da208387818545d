// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OUTPUT_FILE_H_
#define CLIENTS_CLI_OUTPUT_FILE_H_

#include <cstddef>

#include "absl/status/status.h"
#include "clients/cli/format/output_buffer.h"

namespace dissectd::cli {

// Standard output, written in large pieces.
//
// Thread-compatible.
class OutputFile {
 public:
  // What is to be written next is appended here.
  OutputBuffer* buffer() { return &buffer_; }

  // Writes the buffer out if it has grown large.
  absl::Status FlushIfLarge() {
    return buffer_.size() < kLarge ? absl::OkStatus() : Flush();
  }

  // Writes the buffer out. ABORTED if nobody reads standard output any more,
  // INTERNAL if it fails otherwise.
  absl::Status Flush();

 private:
  static constexpr size_t kLarge = 256 << 10;

  OutputBuffer buffer_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OUTPUT_FILE_H_
