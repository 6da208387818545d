// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/dumpcap_child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace dissectd::server {
namespace {

struct Pipe {
  UniqueFd in;
  UniqueFd out;
};

bool Open(Pipe* pipe) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  pipe->in = UniqueFd(ends[0]);
  pipe->out = UniqueFd(ends[1]);
  return true;
}

// Runs in the child. Sends the error number through `errors` if the program
// can't be executed.
[[noreturn]] void Become(char** argv, pid_t parent, int messages, int errors) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  // dumpcap ends cleanly then. Otherwise, it would only notice at its next
  // message.
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (getppid() == parent && dup2(messages, STDERR_FILENO) >= 0) {
    execv(argv[0], argv);
  }
  const int error = errno;
  // If this fails, so does the parent's reading.
  if (write(errors, &error, sizeof(error)) < 0) _exit(1);
  _exit(0);
}

int ReadError(int errors) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(errors, &error, sizeof(error));
  } while (count < 0 && errno == EINTR);
  return count == sizeof(error) ? error : 0;
}

}  // namespace

DumpcapChild StartDumpcap(char** argv) {
  DumpcapChild child;
  Pipe messages;
  Pipe errors;
  child.start = std::chrono::steady_clock::now();
  const pid_t parent = getpid();
  const pid_t pid = Open(&messages) && Open(&errors) ? fork() : -1;
  if (pid < 0) {
    child.error = errno;
    return child;
  }
  if (pid == 0) Become(argv, parent, messages.out.get(), errors.out.get());
  errors.out.reset();
  child.error = ReadError(errors.in.get());
  child.process = UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (child.error == 0 && !child.process.valid()) {
    child.error = errno;
    kill(pid, SIGKILL);
  }
  if (child.error != 0) {
    waitpid(pid, nullptr, 0);
    return child;
  }
  child.pid = pid;
  child.messages = std::move(messages.in);
  fcntl(child.messages.get(), F_SETFL, O_NONBLOCK);
  return child;
}

}  // namespace dissectd::server
