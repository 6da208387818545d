// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PRIVATE_PATHS_H_
#define SERVER_PRIVATE_PATHS_H_

#include "absl/status/status.h"
#include "server/config.h"

namespace dissectd::server {

// Checks that callers can't read or replace the files that options name, such
// as keys and the policy: that their paths don't lead into the store, whether
// directly or through symbolic links, and no link on the way is in it. Errors:
// a message for the operator that names the option.
absl::Status CheckPathsOutsideStore(const ServerConfig& config);

}  // namespace dissectd::server

#endif  // SERVER_PRIVATE_PATHS_H_
