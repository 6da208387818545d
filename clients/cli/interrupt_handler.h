// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERRUPT_HANDLER_H_
#define CLIENTS_CLI_INTERRUPT_HANDLER_H_

#include <csignal>
#include <functional>
#include <thread>

namespace dissectd::cli {

// Calls a function, once and in a separate thread, when the user or the system
// asks this process to end with SIGINT, SIGTERM or SIGHUP. A signal that comes
// a second later or more ends the process at once, in case the function takes
// too long.
//
// At most one exists in a process at a time.
class InterruptHandler {
 public:
  explicit InterruptHandler(std::function<void()> on_interrupt);
  // Waits for the function if it is being called. If a signal has come, further
  // ones are still ignored for a second after it, while the process ends.
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;

 private:
  // The previous action of a signal.
  struct OldAction {
    int signal;
    struct sigaction action;
  };

  void Install(int signal, OldAction* old);
  // Waits for a signal, or for the destructor.
  void Wait();

  const std::function<void()> on_interrupt_;
  // The pipe that wakes Wait.
  int read_fd_ = -1;
  int write_fd_ = -1;
  OldAction old_[3];
  std::thread thread_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERRUPT_HANDLER_H_
