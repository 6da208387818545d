// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERRUPTION_H_
#define CLIENTS_CLI_INTERRUPTION_H_

#include <functional>

namespace dissectd::cli {

// What a part of a command does when the user or the system asks the command to
// end. It has no effect in commands without `InterruptHandler(Interrupt)`,
// which signals end at once.
class OnInterrupt {
 public:
  // `function` is called at most once, maybe in another thread, while this
  // exists; at once if the command is interrupted already. It must not create
  // or destroy an OnInterrupt.
  explicit OnInterrupt(std::function<void()> function);
  // Waits for the function if it is being called.
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  friend void Interrupt();

  const std::function<void()> function_;
};

// Calls the functions of all OnInterrupt, last ones first. Thread-safe.
void Interrupt();

// Whether the command is interrupted. Thread-safe.
bool WasInterrupted();

// Goes on with the command, for a part that only had to end earlier.
// Thread-safe.
void ForgetInterruption();

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERRUPTION_H_
