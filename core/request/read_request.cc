// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/read_request.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd {

absl::Status TextHasNulError() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "A text of the request has a NUL character.",
                   {"TEXT_HAS_NUL", {}, {}});
}

absl::Status RequestMalformedError(absl::string_view type,
                                   absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The request isn't a ", type, ": ", why),
                   {"REQUEST_MALFORMED", {}, {}});
}

}  // namespace dissectd
