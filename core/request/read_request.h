// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_READ_REQUEST_H_
#define CORE_REQUEST_READ_REQUEST_H_

#include <protozero/exception.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// What all that read serialised requests have in common.
namespace dissectd {

// Thrown by Text, and caught by ReadRequestWith.
struct TextHasNul {};

// A text for libwireshark, which ends strings at NUL.
template <typename Message>
std::string Text(Message* message) {
  std::string text = message->get_string();
  if (text.find('\0') != std::string::npos) throw TextHasNul();
  return text;
}

// INVALID_ARGUMENT, TEXT_HAS_NUL.
absl::Status TextHasNulError();
// INVALID_ARGUMENT, REQUEST_MALFORMED.
absl::Status RequestMalformedError(absl::string_view type,
                                   absl::string_view why);

// What `read` returns, which may throw what protozero and Text throw.
// `type` is the name of the message. Errors: the two above.
template <typename Read>
auto ReadRequestWith(absl::string_view type, Read read)
    -> absl::StatusOr<decltype(read())> {
  try {
    return read();
  } catch (const TextHasNul&) {
    return TextHasNulError();
  } catch (const protozero::exception& error) {
    return RequestMalformedError(type, error.what());
  }
}

}  // namespace dissectd

#endif  // CORE_REQUEST_READ_REQUEST_H_
