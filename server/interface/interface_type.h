// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_TYPE_H_
#define SERVER_INTERFACE_INTERFACE_TYPE_H_

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Returns the type of interface for dumpcap's number.
v1::InterfaceType ToInterfaceType(int number);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_TYPE_H_
