// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_NUMBER_OPTIONS_H_
#define CLIENTS_CLI_NUMBER_OPTIONS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"

namespace dissectd::cli {

// Parses numbers given as options. `what` names the value in errors, which are
// INVALID_ARGUMENT with tshark's message.

// A whole number from 1 to 2^31 - 1.
absl::StatusOr<uint32_t> ParsePositive(absl::string_view what,
                                       absl::string_view text);

// A whole number from 0 to 2^31 - 1.
absl::StatusOr<uint32_t> ParseNatural(absl::string_view what,
                                      absl::string_view text);

// A time in seconds greater than 0, which may have a fraction.
absl::StatusOr<google::protobuf::Duration> ParseSeconds(absl::string_view what,
                                                        absl::string_view text);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_NUMBER_OPTIONS_H_
