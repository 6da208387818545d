// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_INTERFACE_TYPE_H_
#define SERVER_CAPTURE_INTERFACE_TYPE_H_

#include "dissectd/v1/capture.pb.h"

namespace dissectd {

// Returns the kind of interface that dumpcap's number stands for.
v1::InterfaceType ToInterfaceType(int number);

}  // namespace dissectd

#endif  // SERVER_CAPTURE_INTERFACE_TYPE_H_
