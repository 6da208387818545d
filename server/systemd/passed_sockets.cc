// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/systemd/passed_sockets.h"

#include <fcntl.h>

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/systemd/environment.h"

namespace dissectd::server {
namespace {

// The number of the first descriptor, SD_LISTEN_FDS_START.
constexpr int kFirst = 3;

// More than any socket unit has, and too few to overflow.
constexpr int kMaxSockets = 1024;

// The name that sd_listen_fds_with_names(3) gives to descriptors without one.
constexpr char kUnknown[] = "unknown";

}  // namespace

absl::StatusOr<std::vector<PassedSocket>> TakePassedSockets() {
  const std::optional<std::string> pid = TakeVariable("LISTEN_PID");
  const std::optional<std::string> number = TakeVariable("LISTEN_FDS");
  const std::optional<std::string> all_names = TakeVariable("LISTEN_FDNAMES");
  std::vector<PassedSocket> sockets;
  // They are meant for a parent that left its variables to this process.
  if (!number.has_value() || !IsThisProcess(pid.value_or(""))) return sockets;
  int count = 0;
  if (!absl::SimpleAtoi(*number, &count) || count < 0 || count > kMaxSockets) {
    return absl::InvalidArgumentError(absl::StrCat(
        "LISTEN_FDS is \"", *number, "\", which isn't a number of sockets"));
  }
  std::vector<std::string> names(static_cast<size_t>(count), kUnknown);
  if (all_names.has_value() && count > 0) {
    names = absl::StrSplit(*all_names, ':');
  }
  if (names.size() != static_cast<size_t>(count)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "LISTEN_FDNAMES has ", names.size(), " names for ", count, " sockets"));
  }
  for (int fd = kFirst; fd < kFirst + count; ++fd) {
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "LISTEN_FDS is ", count, ", but descriptor ", fd, " isn't open"));
    }
    sockets.push_back(
        {UniqueFd(fd), std::move(names[static_cast<size_t>(fd - kFirst)])});
  }
  return sockets;
}

}  // namespace dissectd::server
