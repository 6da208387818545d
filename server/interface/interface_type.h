// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_TYPE_H_
#define SERVER_INTERFACE_INTERFACE_TYPE_H_

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Returns the kind of interface that dumpcap's number stands for.
v1::InterfaceType ToInterfaceType(int number);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_TYPE_H_
