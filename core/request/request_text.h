// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_REQUEST_TEXT_H_
#define CORE_REQUEST_REQUEST_TEXT_H_

#include <protozero/exception.hpp>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"

namespace dissectd {

// Thrown and caught within ParseRequest only.
struct TextHasNul {};

// A text for libwireshark, which ends strings at NUL. Within ParseRequest.
template <typename Message>
std::string Text(Message* message) {
  std::string text = message->get_string();
  if (text.find('\0') != std::string::npos) throw TextHasNul();
  return text;
}

// Calls `read`, which may throw as protozero does. `what` is for the error.
// Errors: INVALID_ARGUMENT (REQUEST_MALFORMED, TEXT_HAS_NUL).
template <typename Request>
absl::StatusOr<Request> ParseRequest(
    absl::string_view what, absl::string_view bytes,
    absl::FunctionRef<Request(absl::string_view bytes)> read) {
  try {
    return read(bytes);
  } catch (const TextHasNul&) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "A text of the request has a NUL character.",
                     {"TEXT_HAS_NUL", {}, {}});
  } catch (const protozero::exception& error) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("The request isn't ", what, ": ", error.what()),
        {"REQUEST_MALFORMED", {}, {}});
  }
}

}  // namespace dissectd

#endif  // CORE_REQUEST_REQUEST_TEXT_H_
