// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_type.h"

#include <cstddef>
#include <iterator>

namespace dissectd::server {
namespace {

// dumpcap's numbers are the indices: `interface_type` in Wireshark's
// capture/capture_ifinfo.h.
constexpr v1::InterfaceType kInterfaceTypes[] = {
    v1::INTERFACE_TYPE_WIRED,     v1::INTERFACE_TYPE_AIRPCAP,
    v1::INTERFACE_TYPE_PIPE,      v1::INTERFACE_TYPE_STDIN,
    v1::INTERFACE_TYPE_BLUETOOTH, v1::INTERFACE_TYPE_WIRELESS,
    v1::INTERFACE_TYPE_DIALUP,    v1::INTERFACE_TYPE_USB,
    v1::INTERFACE_TYPE_EXTCAP,    v1::INTERFACE_TYPE_VIRTUAL,
};

}  // namespace

v1::InterfaceType ToInterfaceType(int number) {
  // A negative number becomes a large one.
  const auto index = static_cast<size_t>(number);
  return index < std::size(kInterfaceTypes) ? kInterfaceTypes[index]
                                            : v1::INTERFACE_TYPE_UNSPECIFIED;
}

}  // namespace dissectd::server
