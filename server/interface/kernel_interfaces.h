// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_KERNEL_INTERFACES_H_
#define SERVER_INTERFACE_KERNEL_INTERFACES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// What the kernel says of a network interface.
struct KernelInterface {
  // Its number, which no interface after it has; 0 if it isn't known.
  int index = 0;
  bool up = false;
  v1::KernelCounters counters;
};

// By name.
using KernelInterfaces = std::map<std::string, KernelInterface>;

// Reads the text of `/proc/net/dev`, which has the counters only. Error:
// INTERNAL.
absl::StatusOr<KernelInterfaces> ParseNetDev(absl::string_view text);

// Returns the network interfaces as they are now. Error: FILE_SYSTEM_ERROR.
absl::StatusOr<KernelInterfaces> ReadKernelInterfaces();

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_KERNEL_INTERFACES_H_
