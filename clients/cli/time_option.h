// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TIME_OPTION_H_
#define CLIENTS_CLI_TIME_OPTION_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// A range of time as given.
struct RawTimeRange {
  std::string from;
  std::string until;
};

// Adds `--from` and `--until` to a command of the program. `raw` is not owned
// and outlives the command.
void AddTimeRangeOptions(CLI::App* command, RawTimeRange* raw);

// Sets the times of the range that are given. Errors: those of ParseTimeStamp.
absl::Status CheckTimeRange(const CLI::App& command, const RawTimeRange& raw,
                            v1::FrameRange* range);

// Parses a time as RFC 3339 writes it, `2026-01-31T08:00:00.5Z` for example, or
// as seconds since 1970-01-01 00:00:00 UTC, with up to nine decimals. Errors:
// INVALID_ARGUMENT.
absl::StatusOr<v1::TimeValue> ParseTimeStamp(absl::string_view text);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TIME_OPTION_H_
