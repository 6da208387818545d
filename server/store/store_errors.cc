// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_errors.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

absl::Status ReadOnly(absl::string_view name, absl::string_view message) {
  return MakeError(Code::kFailedPrecondition, message,
                   {"FILE_READ_ONLY", {{"file", std::string(name)}}, {}});
}

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

absl::Status TooManyStoredFiles(uint64_t limit) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("Limit of ", limit,
                   " uploads and exports reached; delete some, or ask others "
                   "to."),
      {"TOO_MANY_STORED_FILES", {{"limit", absl::StrCat(limit)}}, {}});
}

absl::Status TooManyStoredFilesOfCaller(uint64_t limit) {
  return MakeError(
      Code::kResourceExhausted,
      absl::StrCat("You have reached the limit of ", limit,
                   " uploads and exports of one caller; delete some."),
      {"TOO_MANY_STORED_FILES_OF_CALLER",
       {{"limit", absl::StrCat(limit)}},
       {}});
}

absl::Status FileCutShort(absl::string_view name) {
  return MakeError(
      Code::kFailedPrecondition,
      absl::StrCat("The file \"", name, "\" was cut short while it was read."),
      {"FILE_CUT_SHORT", {{"file", std::string(name)}}, {}});
}

absl::Status FileNotDeletable(absl::string_view name) {
  return ReadOnly(name, absl::StrCat("\"", name,
                                     "\" wasn't uploaded, so it can't be "
                                     "deleted."));
}

absl::Status FileNotShareable(absl::string_view name) {
  return ReadOnly(
      name,
      absl::StrCat("\"", name,
                   "\" is neither an upload nor an export, so it can't be "
                   "shared; the policy says who may read it."));
}

absl::Status FileOfCapture(absl::string_view name, absl::string_view done) {
  return ReadOnly(name, absl::StrCat("\"", name,
                                     "\" is a file of a capture, so it can "
                                     "only be ",
                                     done, " with its capture."));
}

}  // namespace dissectd::server::errors
