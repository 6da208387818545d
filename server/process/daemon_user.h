// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_DAEMON_USER_H_
#define SERVER_PROCESS_DAEMON_USER_H_

#include <string>

#include "absl/status/status.h"

namespace dissectd::server {

// Makes this process that of a user, with the user's groups and home folder,
// and without capabilities. Needs root, unless it is the user's already. Call
// it before threads start. Errors: a message for the operator.
absl::Status BecomeUser(const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_DAEMON_USER_H_
