// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_JSON_H_
#define SERVER_INTERFACE_INTERFACE_JSON_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Implements the functions of interface_list.h for the JSON of dumpcap 4.4 and
// later.
absl::StatusOr<std::vector<v1::Interface>> ParseInterfaceListJson(
    absl::string_view out);
absl::Status ParseCapabilitiesJson(
    absl::string_view out, bool monitor_mode, const std::string& dumpcap,
    v1::GetInterfaceCapabilitiesResponse* response);

// Returns the description of a type that dumpcap has printed; empty for the
// text that stands for none.
absl::string_view DescriptionOf(absl::string_view printed);

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_JSON_H_
