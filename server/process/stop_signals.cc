// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/stop_signals.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <initializer_list>

#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

sigset_t SetOf(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

void KeepDescriptorsPrivate() {
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

void BlockStopSignals() {
  const sigset_t ending = SetOf({SIGTERM, SIGINT});
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int AwaitStopSignal() {
  const sigset_t ending = SetOf({SIGTERM, SIGINT});
  int signal = 0;
  sigwait(&ending, &signal);
  spdlog::info("received signal {}, shutting down", signal);
  return signal;
}

bool AwaitInterrupt(std::chrono::seconds time) {
  const sigset_t interrupt = SetOf({SIGINT});
  const auto end = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::max(end - std::chrono::steady_clock::now(),
                               std::chrono::steady_clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec timeout = {seconds.count(),
                              std::chrono::nanoseconds(left - seconds).count()};
    if (sigtimedwait(&interrupt, nullptr, &timeout) == SIGINT) return true;
    if (errno != EINTR) return false;
  }
}

}  // namespace dissectd::server
