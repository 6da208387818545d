// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_NAME_H_
#define SERVER_INTERFACE_INTERFACE_NAME_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// Checks that a client's text is safe to pass to dumpcap as the name of an
// interface. dumpcap takes some texts for something else: options, positions in
// its list, remote hosts, and paths of pipes. Errors: INTERFACE_NOT_FOUND.
absl::Status CheckInterfaceName(absl::string_view name);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_NAME_H_
