// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_ROLE_FILTERS_H_
#define SERVER_POLICY_ROLE_FILTERS_H_

#include <string>

#include "absl/status/status.h"
#include "server/policy/policy.h"

namespace dissectd::server {

// Checks that libpcap compiles the capture filters of all roles. Which
// interfaces they are for isn't known yet, so a filter is right if it compiles
// for one of the common link-layer types. `compiler` is the path of
// capture-filter-compiler, which is run for each filter; this blocks meanwhile.
//
// Errors: INVALID_ARGUMENT, with a message for the operator that names the
// role. A filter that can't be checked, because the program can't be run, is
// only logged, and checked again when a capture starts.
absl::Status CheckCaptureFilters(const Policy& policy,
                                 const std::string& compiler);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_ROLE_FILTERS_H_
