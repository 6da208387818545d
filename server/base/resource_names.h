// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_RESOURCE_NAMES_H_
#define SERVER_BASE_RESOURCE_NAMES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Parses and builds resource names, which no other code does.
namespace dissectd::server {

// The folder of the store with finished uploads.
inline constexpr absl::string_view kUploadsFolder = "uploads";

// The folder of the store with exports.
inline constexpr absl::string_view kExportsFolder = "exports";

// The folder of the store with captures.
inline constexpr absl::string_view kCapturesFolder = "captures";

// Returns the path in the store of `files/{path}`. Errors: INVALID_ARGUMENT
// (FILE_NAME_INVALID) for names that no file can have: without the prefix, with
// empty parts, with parts that start with a dot, with NUL, or too long.
absl::StatusOr<std::string> ParseFileName(absl::string_view name);

// Returns `files/{path}`.
std::string FileName(absl::string_view path);

// Checks one part of a path. Errors: as ParseFileName.
absl::Status CheckPathPart(absl::string_view part, absl::string_view name);

// Checks the name of a file that is to be created, without folders. Errors: as
// ParseFileName, and also for names with control characters, which could change
// the state of a terminal, or forge lines where names are listed.
absl::Status CheckNewFileName(absl::string_view part, absl::string_view name);

// Returns the id of `uploads/{id}`. Errors: NOT_FOUND (UPLOAD_NOT_FOUND,
// OTHER_REPLICA).
absl::StatusOr<std::string> ParseUploadName(absl::string_view name);

// Returns `uploads/{id}`.
std::string UploadName(absl::string_view id);

// Returns the id of `captures/{id}`. Errors: NOT_FOUND (CAPTURE_NOT_FOUND,
// OTHER_REPLICA).
absl::StatusOr<std::string> ParseCaptureName(absl::string_view name);

// Returns `captures/{id}`.
std::string CaptureName(absl::string_view id);

// Returns `sessions/{id}`.
std::string SessionName(absl::string_view id);

}  // namespace dissectd::server

#endif  // SERVER_BASE_RESOURCE_NAMES_H_
