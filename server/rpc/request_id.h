// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_REQUEST_ID_H_
#define SERVER_RPC_REQUEST_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The metadata key with which clients name a call, and with which the daemon
// returns the name that the call has in its log.
inline constexpr char kRequestIdKey[] = "x-request-id";

// Returns the client's id if it is safe for a log line: 1 to 128 letters,
// digits and characters of `-._~:/+=@`. Otherwise returns a new random id.
std::string RequestIdFrom(absl::string_view given);

}  // namespace dissectd::server

#endif  // SERVER_RPC_REQUEST_ID_H_
