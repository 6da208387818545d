// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OUTPUT_FILE_H_
#define CLIENTS_CLI_OUTPUT_FILE_H_

#include <cstddef>

#include "absl/status/status.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Standard output, written in large pieces.
//
// Thread-compatible.
class OutputFile {
 public:
  // The buffer to which the next output is appended.
  OutputBuffer* buffer() { return &buffer_; }

  // Writes the buffer if it has grown large.
  absl::Status FlushIfLarge() {
    return buffer_.size() < kLarge ? absl::OkStatus() : Flush();
  }

  // Writes the buffer. Returns ABORTED if the reader of standard output has
  // gone, and INTERNAL for other failures.
  absl::Status Flush();

 private:
  static constexpr size_t kLarge = 256 << 10;

  OutputBuffer buffer_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OUTPUT_FILE_H_
