// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_CHECK_H_
#define SERVER_IDENTITY_CHECK_H_

#include "absl/status/status.h"
#include "server/config.h"
#include "server/transport/transport.h"

namespace dissectd::server {

// Checks that clients can show what the options want to identify them by.
// Errors: a message for the operator.
absl::Status CheckIdentities(const IdentityConfig& identity,
                             const TransportConfig& config,
                             const Transport& transport);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_CHECK_H_
