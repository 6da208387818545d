// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DISSECTION_OPTIONS_H_
#define CLIENTS_CLI_DISSECTION_OPTIONS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Parses the tshark options that become DissectionOptions. Each returns
// INVALID_ARGUMENT with tshark's message if its value is wrong.

// `-t`, for example `ad`.
absl::StatusOr<v1::TimestampType> ParseTimestampType(absl::string_view text);

// `-u`: `s` or `hms`.
absl::StatusOr<v1::SecondsType> ParseSecondsType(absl::string_view text);

// `-N`: letters, for example `mt`.
absl::StatusOr<v1::NameResolution> ParseNameResolution(absl::string_view text);

// `-o`: NAME:VALUE.
absl::StatusOr<v1::PreferenceSetting> ParsePreference(absl::string_view text);

// `-d`: TABLE==SELECTOR,PROTOCOL.
absl::StatusOr<v1::DecodeAs> ParseDecodeAs(absl::string_view text);

// Returns the time zone of this process as an IANA name or POSIX TZ string;
// empty if it is unknown.
std::string LocalTimeZone();

// Returns false if this machine has a database of time zones, and `zone` is
// neither in it nor a POSIX TZ string.
bool MayBeTimeZone(const std::string& zone);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DISSECTION_OPTIONS_H_
