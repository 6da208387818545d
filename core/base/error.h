// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_ERROR_H_
#define CORE_BASE_ERROR_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd {

// The position of an error in a text of the request, in bytes.
struct TextSpan {
  uint32_t start = 0;
  uint32_t length = 0;
};

// The machine-readable part of an error: dissectd.v1.ErrorInfo, and its
// InvalidText if there is a span.
struct ErrorInfo {
  // Stable, in UPPER_SNAKE_CASE; listed in docs/errors.md.
  std::string reason;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::optional<TextSpan> span;
};

// Longer messages are cut, at a character: larger statuses break gRPC clients.
inline constexpr size_t kMaxErrorMessageBytes = 1024;

// The domain of every ErrorInfo.
inline constexpr absl::string_view kErrorDomain = "dissectd.alt";

// The payload of every absl::Status that MakeError makes: a serialised
// ErrorInfo, under the type URL that gRPC's libraries know.
inline constexpr absl::string_view kErrorInfoUrl =
    "type.googleapis.com/google.rpc.ErrorInfo";

// Makes a status that carries `info`. `message` is made valid UTF-8 and cut to
// kMaxErrorMessageBytes, each metadata value to 256 bytes.
absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorInfo& info);

// Returns `status` with a dissectd.v1.RetryInfo, which advises to retry after
// `delay`. For errors that a retry may cure.
absl::Status WithRetryDelay(absl::Status status, std::chrono::seconds delay);

// Returns the position of the error in a text, if `status` was made with one.
std::optional<TextSpan> SpanOf(const absl::Status& status);

// Serialises a status, which may be OK, as a dissectd.v1.StatusDetails with all
// of its details.
std::string SerializeStatus(const absl::Status& status);

// Serialises an error as a dissectd.v1.Failure.
std::string SerializeFailure(const absl::Status& error);

}  // namespace dissectd

#endif  // CORE_BASE_ERROR_H_
