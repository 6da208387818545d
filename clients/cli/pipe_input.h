// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PIPE_INPUT_H_
#define CLIENTS_CLI_PIPE_INPUT_H_

#include <string>

#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {

// Reads a pipe of this machine piece by piece, until another thread stops it.
//
// Thread-compatible, except for Stop.
class PipeInput {
 public:
  // `pipe` is open for reading.
  explicit PipeInput(ScopedFd pipe);

  // Waits for bytes, and replaces `bytes` by them. Returns false at the end,
  // after an error, and after Stop.
  bool Read(std::string* bytes);

  // Ends Read, now and in future. Thread-safe; call it once.
  void Stop() { stop_[1] = ScopedFd(); }

  // Returns the number of the error that ended reading; 0 if there was none.
  int error() const { return error_; }

 private:
  // Returns whether there are bytes, or the end of the pipe.
  bool Wait() const;

  const ScopedFd pipe_;
  // Closing the second end ends the wait for bytes.
  ScopedFd stop_[2];
  int error_ = 0;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PIPE_INPUT_H_
