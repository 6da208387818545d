// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/request_reading.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {

absl::Status ReadRequest(absl::string_view name,
                         absl::FunctionRef<void()> read) {
  try {
    read();
    return absl::OkStatus();
  } catch (const TextHasNul&) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "A text in the request contains NUL.",
                     {"TEXT_HAS_NUL", {}, {}});
  } catch (const protozero::exception& error) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("The request isn't a ", name, ": ", error.what()),
        {"REQUEST_MALFORMED", {}, {}});
  }
}

}  // namespace dissectd::engine
