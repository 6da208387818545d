// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interrupt_handler.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <utility>

namespace dissectd::cli {
namespace {

constexpr char kInterrupt = 'i';
constexpr char kEnd = 'e';

// The descriptor that OnSignal writes to.
std::atomic<int> signal_fd{-1};

constexpr int64_t kNanosPerSecond = 1'000'000'000;
// `timeout` sends a signal to its child and then to the whole group, and an
// impatient user presses a key twice.
constexpr int64_t kPatienceNanos = kNanosPerSecond;
// When the first signal came; 0 if none has come.
std::atomic<int64_t> first_signal_nanos{0};

int64_t NowNanos() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNanosPerSecond + now.tv_nsec;
}

extern "C" void OnSignal(int number) {
  const int error = errno;
  const int64_t now = NowNanos();
  int64_t first = 0;
  if (!first_signal_nanos.compare_exchange_strong(first, now) &&
      now - first >= kPatienceNanos) {
    // Takes effect when this function returns.
    signal(number, SIG_DFL);
    raise(number);
  }
  // A failure cannot be handled in a signal handler.
  const ssize_t ignored = write(signal_fd.load(), &kInterrupt, 1);
  static_cast<void>(ignored);
  errno = error;
}

}  // namespace

InterruptHandler::InterruptHandler(std::function<void()> on_interrupt)
    : on_interrupt_(std::move(on_interrupt)) {
  int fds[2];
  // Without the pipe, signals end the process at once.
  if (pipe2(fds, O_CLOEXEC) != 0) return;
  read_fd_ = fds[0];
  write_fd_ = fds[1];
  signal_fd.store(write_fd_);
  first_signal_nanos.store(0);
  thread_ = std::thread([this] { Wait(); });
  Install(SIGINT, &old_[0]);
  Install(SIGTERM, &old_[1]);
  Install(SIGHUP, &old_[2]);
}

InterruptHandler::~InterruptHandler() {
  if (read_fd_ < 0) return;
  // The second of two signals must not end a command that the first one has
  // just ended well.
  if (first_signal_nanos.load() == 0) {
    for (const OldAction& old : old_) {
      sigaction(old.signal, &old.action, nullptr);
    }
  }
  while (write(write_fd_, &kEnd, 1) < 0 && errno == EINTR) {
  }
  thread_.join();
  signal_fd.store(-1);
  close(read_fd_);
  close(write_fd_);
}

void InterruptHandler::Install(int signal, OldAction* old) {
  old->signal = signal;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &old->action);
  // nohup ignores SIGHUP, which must stay so.
  if (signal == SIGHUP && old->action.sa_handler == SIG_IGN) {
    sigaction(signal, &old->action, nullptr);
  }
}

void InterruptHandler::Wait() {
  bool called = false;
  char what = 0;
  while (true) {
    const ssize_t count = read(read_fd_, &what, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count != 1 || what == kEnd) return;
    if (!called) on_interrupt_();
    called = true;
  }
}

}  // namespace dissectd::cli
