// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/child_process.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dissectd {
namespace {

std::vector<char*> EnvironmentWith(const std::vector<std::string>& defaults) {
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.push_back(*variable);
  }
  for (const std::string& variable : defaults) {
    if (std::getenv(variable.substr(0, variable.find('=')).c_str()) ==
        nullptr) {
      environment.push_back(const_cast<char*>(variable.c_str()));
    }
  }
  environment.push_back(nullptr);
  return environment;
}

}  // namespace

// posix_spawn, as a process with threads must not fork and go on.
absl::StatusOr<ChildProcess> ChildProcess::Start(
    const std::string& program, const std::vector<std::string>& arguments,
    const std::vector<std::string>& defaults, int inherited_fd) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const absl::Cleanup free_actions = [&actions] {
    posix_spawn_file_actions_destroy(&actions);
  };
  // Also clears close-on-exec.
  posix_spawn_file_actions_adddup2(&actions, inherited_fd, kInheritedFd);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  const absl::Cleanup free_attributes = [&attributes] {
    posix_spawnattr_destroy(&attributes);
  };
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes,
                                argv.data(), EnvironmentWith(defaults).data());
  if (error != 0) {
    return absl::ErrnoToStatus(
        error, absl::StrCat("\"", program, "\" can't be started"));
  }
  return ChildProcess(pid);
}

ChildProcess::~ChildProcess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

int ChildProcess::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

}  // namespace dissectd
