// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_INTERFACE_STATE_H_
#define SERVER_CAPTURE_INTERFACE_STATE_H_

#include <optional>
#include <string>

namespace dissectd::server {

// Returns whether a network interface is administratively up; absent if there
// is no such interface.
std::optional<bool> IsInterfaceUp(const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_INTERFACE_STATE_H_
