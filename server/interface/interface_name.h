// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_NAME_H_
#define SERVER_INTERFACE_INTERFACE_NAME_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// Whether a client's name of an interface may be given to dumpcap, to which
// some texts mean something else than an interface: options, places in its
// list, other hosts, and paths of pipes. Error: INTERFACE_NOT_FOUND.
absl::Status CheckInterfaceName(absl::string_view name);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_NAME_H_
