// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/subprocess.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace {

absl::string_view NameOf(absl::string_view variable) {
  return variable.substr(0, variable.find('='));
}

bool Has(const std::vector<std::string>& variables, absl::string_view name) {
  return std::any_of(
      variables.begin(), variables.end(),
      [name](absl::string_view other) { return NameOf(other) == name; });
}

std::vector<char*> EnvironmentFor(const Command& command) {
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!Has(command.overrides, NameOf(*variable))) {
      environment.push_back(*variable);
    }
  }
  for (const std::string& variable : command.defaults) {
    if (std::getenv(std::string(NameOf(variable)).c_str()) == nullptr) {
      environment.push_back(const_cast<char*>(variable.c_str()));
    }
  }
  for (const std::string& variable : command.overrides) {
    environment.push_back(const_cast<char*>(variable.c_str()));
  }
  environment.push_back(nullptr);
  return environment;
}

}  // namespace

// Uses posix_spawn, as a process with threads must not fork and continue.
absl::StatusOr<Subprocess> Subprocess::Start(
    const Command& command, const std::vector<Inherited>& inherited) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const absl::Cleanup free_actions = [&actions] {
    posix_spawn_file_actions_destroy(&actions);
  };
  for (const Inherited& descriptor : inherited) {
    // dup2 also clears close-on-exec.
    posix_spawn_file_actions_adddup2(&actions, descriptor.ours,
                                     descriptor.theirs);
  }

  if (!command.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  }

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

  std::vector<char*> argv = {const_cast<char*>(command.program.c_str())};
  for (const std::string& argument : command.arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, command.program.c_str(), &actions, &attributes,
                  argv.data(), EnvironmentFor(command).data());
  if (error != 0) {
    return absl::ErrnoToStatus(
        error, absl::StrCat("\"", command.program, "\" can't be started"));
  }
  return Subprocess(pid);
}

Subprocess::~Subprocess() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

int Subprocess::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

std::string DescribeWaitStatus(int wait_status) {
  return WIFSIGNALED(wait_status)
             ? absl::StrCat("signal ", WTERMSIG(wait_status))
             : absl::StrCat("exit status ", WEXITSTATUS(wait_status));
}

}  // namespace dissectd::server
