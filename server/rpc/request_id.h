// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_REQUEST_ID_H_
#define SERVER_RPC_REQUEST_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The metadata key by which clients name a call, and the daemon tells them
// which name its log has for it.
inline constexpr char kRequestIdKey[] = "x-request-id";

// Returns the id that the client gave if it can stand in a log line as it is:
// 1 to 128 letters, digits and characters of `-._~:/+=@`. Returns a new random
// one otherwise.
std::string RequestIdFrom(absl::string_view given);

}  // namespace dissectd::server

#endif  // SERVER_RPC_REQUEST_ID_H_
