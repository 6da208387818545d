// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SYSTEMD_PASSED_SOCKETS_H_
#define SERVER_SYSTEMD_PASSED_SOCKETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// A descriptor that systemd opened for this process.
struct PassedSocket {
  UniqueFd fd;
  // FileDescriptorName= of the socket unit, by default the unit's own name.
  std::string name;
};

// Takes the descriptors that sd_listen_fds(3) describes, and removes its
// variables from the environment, so that no other program takes the
// descriptors for its own. Returns none if this process was started without
// any. Call it once, before other descriptors are opened and threads started.
// Errors: INVALID_ARGUMENT if the variables are wrong.
absl::StatusOr<std::vector<PassedSocket>> TakePassedSockets();

}  // namespace dissectd::server

#endif  // SERVER_SYSTEMD_PASSED_SOCKETS_H_
