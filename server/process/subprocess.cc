// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/subprocess.h"

#include <linux/capability.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/process/process_errors.h"

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

// Gives up the capabilities of the calling thread only, and of programs that it
// starts. Returns an error number; 0 if all is well.
int GiveUpCapabilities() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

// Calls `spawn`, which starts a program and returns an error number, on a
// thread that has given up its capabilities. posix_spawn itself can't give them
// up.
template <typename Spawn>
int SpawnUnprivileged(const Spawn& spawn) {
  int error = 0;
  try {
    std::thread([&error, &spawn] {
      error = GiveUpCapabilities();
      if (error == 0) error = spawn();
    }).join();
  } catch (const std::system_error& failure) {
    // The system has no thread to spare.
    return failure.code().value();
  }
  return error;
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
  const auto spawn = [&] {
    return posix_spawn(&pid, command.program.c_str(), &actions, &attributes,
                       argv.data(), EnvironmentFor(command).data());
  };
  const int error = command.unprivileged ? SpawnUnprivileged(spawn) : spawn();
  if (error != 0) {
    return errors::ProgramNotStarted(command.program, error);
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
