// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PIPE_INPUT_H_
#define CLIENTS_CLI_PIPE_INPUT_H_

#include <chrono>
#include <string>

#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {

// How often a client that sends the bytes of a pipe sends a message without any
// while there are none. The server ends the call of one that sends nothing for
// a minute.
inline constexpr std::chrono::seconds kSignOfLifeInterval(20);

// Reads a pipe of this machine piece by piece, until another thread stops it.
//
// Thread-compatible, except for Stop.
class PipeInput {
 public:
  // Waits for as long as it takes.
  static constexpr std::chrono::milliseconds kForever{-1};

  // `pipe` is open for reading. `patience` is how long Read waits for bytes.
  explicit PipeInput(ScopedFd pipe,
                     std::chrono::milliseconds patience = kForever);

  // Waits for bytes, and replaces `bytes` by them, or by none if none come in
  // time. Returns false at the end, after an error, and after Stop.
  bool Read(std::string* bytes);

  // Ends Read, now and in future. Thread-safe; call it once.
  void Stop() { stop_[1] = ScopedFd(); }

  // Returns the number of the error that ended reading; 0 if there was none.
  int error() const { return error_; }

 private:
  enum class Event { kInput, kNothing, kStop };

  // Waits for bytes, the end of the pipe, or the end of patience.
  Event Wait() const;

  const ScopedFd pipe_;
  const std::chrono::milliseconds patience_;
  // Closing the second end ends the wait for bytes.
  ScopedFd stop_[2];
  int error_ = 0;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PIPE_INPUT_H_
