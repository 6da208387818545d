// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_errors.h"

#include <string>

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

absl::Status UploadSenderTooSlow(absl::string_view name,
                                 std::chrono::milliseconds limit) {
  return MakeError(
      Code::kAborted,
      absl::StrCat("Nothing was sent to the upload \"", name, "\" for ",
                   limit.count(), " ms."),
      {"UPLOAD_SENDER_TOO_SLOW", {{"upload", std::string(name)}}, {}});
}

}  // namespace dissectd::server::errors
