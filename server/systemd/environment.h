// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SYSTEMD_ENVIRONMENT_H_
#define SERVER_SYSTEMD_ENVIRONMENT_H_

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace dissectd::server {

// Returns a variable and removes it, so that programs that this process starts
// don't get it. Not thread-safe.
inline std::optional<std::string> TakeVariable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::string taken = value;
  unsetenv(name);
  return taken;
}

// Returns whether a variable with the id of a process means this one.
inline bool IsThisProcess(const std::string& pid) {
  return pid == std::to_string(getpid());
}

}  // namespace dissectd::server

#endif  // SERVER_SYSTEMD_ENVIRONMENT_H_
