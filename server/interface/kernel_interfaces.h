// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_KERNEL_INTERFACES_H_
#define SERVER_INTERFACE_KERNEL_INTERFACES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// A network interface as the kernel describes it.
struct KernelInterface {
  // Its index, which is never used again; 0 if unknown.
  int index = 0;
  bool up = false;
  v1::KernelCounters counters;
};

// Interfaces by name.
using KernelInterfaces = std::map<std::string, KernelInterface>;

// Parses the text of `/proc/net/dev`, which has only the counters. Errors:
// INTERNAL.
absl::StatusOr<KernelInterfaces> ParseNetDev(absl::string_view text);

// Returns the current network interfaces. Errors: FILE_SYSTEM_ERROR.
absl::StatusOr<KernelInterfaces> ReadKernelInterfaces();

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_KERNEL_INTERFACES_H_
