// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_errors.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

}  // namespace

absl::Status TooManyUploads(size_t limit) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("Limit of ", limit, " unfinished uploads reached."),
      {"TOO_MANY_UPLOADS", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status TooManyUploadsOfCaller(size_t limit) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("You have reached the limit of ", limit,
                   " unfinished uploads of one caller."),
      {"TOO_MANY_UPLOADS_OF_CALLER", {{"limit", absl::StrCat(limit)}}, {}});
}

}  // namespace dissectd::server::errors
