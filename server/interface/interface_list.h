// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_LIST_H_
#define SERVER_INTERFACE_INTERFACE_LIST_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Parses the output of `dumpcap -D -M`: a table, or JSON from 4.4 on. Errors:
// DUMPCAP_PROTOCOL_ERROR.
absl::StatusOr<std::vector<v1::Interface>> ParseInterfaceList(
    absl::string_view out);

// Parses the output of `dumpcap -i INTERFACE -L --list-time-stamp-types -M`,
// with `-I` if `monitor_mode`: a table, or JSON from 4.4 on. `dumpcap` is its
// path, for DumpcapError.
//
// Errors: DUMPCAP_PROTOCOL_ERROR; those of DumpcapError if the JSON reports
// one.
absl::Status ParseCapabilities(absl::string_view out, bool monitor_mode,
                               const std::string& dumpcap,
                               v1::GetInterfaceCapabilitiesResponse* response);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_LIST_H_
