// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LOCAL_FILE_H_
#define CLIENTS_CLI_LOCAL_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {

// A file of this machine that is open for reading.
struct LocalFile {
  ScopedFd fd;
  // Whether it is a pipe, a socket or a terminal: its content can be read only
  // once, and may come bit by bit. Or a file that is read from its current
  // place on, as another program has read its beginning.
  bool is_pipe = false;
  // The size of another file, in bytes.
  uint64_t size = 0;
};

// Opens a file; `-` is standard input. Errors: tshark's messages.
absl::StatusOr<LocalFile> OpenLocalFile(const std::string& path);

// Reads a pipe to its end, or until the command is interrupted, and returns a
// temporary file with its content.
// `path` is its name for messages.
absl::StatusOr<LocalFile> ReadToEnd(LocalFile pipe, const std::string& path);

// Opens a file to read it at any offset; a pipe is read to its end first.
// Errors: tshark's messages.
absl::StatusOr<LocalFile> OpenWholeFile(const std::string& path);

// Whether a path means standard input.
bool IsStandardInput(const std::string& path);

// Whether the path is that of standard input or a named pipe of this machine.
bool IsLocalPipe(const std::string& path);

// Returns a file's name without folders, as the API takes it: with U+FFFD for
// control characters and what isn't UTF-8.
std::string BaseName(const std::string& path);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LOCAL_FILE_H_
