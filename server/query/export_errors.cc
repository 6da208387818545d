// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/export_errors.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::server::errors {

absl::Status TooFewFiles(int limit) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("At least ", limit, " files can be merged."),
                   {"TOO_FEW_FILES", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status TooManyFiles(int limit) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("At most ", limit, " files can be merged."),
                   {"TOO_MANY_FILES", {{"limit", absl::StrCat(limit)}}, {}});
}

}  // namespace dissectd::server::errors
