// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_type.h"

namespace dissectd::server {

v1::InterfaceType ToInterfaceType(int number) {
  switch (number) {
    case 0:
      return v1::INTERFACE_TYPE_WIRED;
    case 1:
      return v1::INTERFACE_TYPE_AIRPCAP;
    case 2:
      return v1::INTERFACE_TYPE_PIPE;
    case 3:
      return v1::INTERFACE_TYPE_STDIN;
    case 4:
      return v1::INTERFACE_TYPE_BLUETOOTH;
    case 5:
      return v1::INTERFACE_TYPE_WIRELESS;
    case 6:
      return v1::INTERFACE_TYPE_DIALUP;
    case 7:
      return v1::INTERFACE_TYPE_USB;
    case 8:
      return v1::INTERFACE_TYPE_EXTCAP;
    case 9:
      return v1::INTERFACE_TYPE_VIRTUAL;
    default:
      return v1::INTERFACE_TYPE_UNSPECIFIED;
  }
}

}  // namespace dissectd::server
