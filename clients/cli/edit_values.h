// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_EDIT_VALUES_H_
#define CLIENTS_CLI_EDIT_VALUES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"

// The values of the options of `dissectctl session edit`. Errors are
// INVALID_ARGUMENT with a message for the user.
namespace dissectd::cli {

// Returns the numbers in a list of frames, for example `3,7-9`.
absl::StatusOr<std::vector<uint32_t>> ParseFrames(absl::string_view text);

// Returns such a list of numbers, which are in order.
std::string FramesText(const std::vector<uint32_t>& frames);

// Parses a number of a frame and a text, for example `3:lost here`.
absl::StatusOr<std::pair<uint32_t, std::string>> ParseFrameComment(
    absl::string_view text);

// Parses seconds, which may have a sign and a fraction, as editcap's -t does.
absl::StatusOr<v1::TimeValue> ParseShift(absl::string_view text);

// Returns such a text.
std::string ShiftText(const v1::TimeValue& shift);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_EDIT_VALUES_H_
