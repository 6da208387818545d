// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_ERROR_H_
#define CORE_BASE_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd {

// The position of an error in a text that the caller gave, in bytes.
struct TextSpan {
  uint32_t start = 0;
  uint32_t length = 0;
};

// The machine-readable part of an error: dissectd.v1.ErrorDetail.
struct ErrorInfo {
  // Stable, in UPPER_SNAKE_CASE; listed in docs/errors.md.
  std::string reason;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::optional<TextSpan> span;
};

// Longer messages are cut, at a character: larger statuses break gRPC clients.
inline constexpr size_t kMaxErrorMessageBytes = 1024;

// The payload of every absl::Status that this makes: a serialised
// dissectd.v1.ErrorDetail.
inline constexpr absl::string_view kErrorDetailUrl =
    "type.googleapis.com/dissectd.v1.ErrorDetail";

// Makes a status that carries `info`. `message` is made valid UTF-8 and cut to
// kMaxErrorMessageBytes, each metadata value to 256 bytes.
absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorInfo& info);

// Where in a text the error is, if `status` was made with such a position.
std::optional<TextSpan> SpanOf(const absl::Status& status);

// Serialises a status, OK or not, as a dissectd.v1.StatusDetails whose details
// hold the status's ErrorDetail payload.
std::string SerializeStatus(const absl::Status& status);

}  // namespace dissectd

#endif  // CORE_BASE_ERROR_H_
