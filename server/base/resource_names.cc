// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/resource_names.h"

#include <climits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/replica.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kFilesPrefix = "files/";
constexpr absl::string_view kUploadsPrefix = "uploads/";
constexpr absl::string_view kCapturesPrefix = "captures/";
constexpr absl::string_view kSessionsPrefix = "sessions/";

// Returns whether a text in UTF-8 contains one of the characters U+0000 to
// U+001F and U+007F to U+009F.
bool HasControlCharacter(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(text[i]))) return true;
    // In UTF-8, the others are two bytes: 0xc2, and the number.
    if (text[i] == '\xc2' && i + 1 < text.size() &&
        static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<std::string> ParseFileName(absl::string_view name) {
  absl::string_view path = name;
  if (!absl::ConsumePrefix(&path, kFilesPrefix)) {
    return errors::FileNameInvalid(name, "it must start with \"files/\".");
  }
  if (path.size() >= PATH_MAX) {
    return errors::FileNameInvalid(name, "it is too long.");
  }
  for (const absl::string_view part : absl::StrSplit(path, '/')) {
    RETURN_IF_ERROR(CheckPathPart(part, name));
  }
  return std::string(path);
}

absl::Status CheckPathPart(absl::string_view part, absl::string_view name) {
  if (part.empty()) {
    return errors::FileNameInvalid(name, "it has an empty part.");
  }
  if (part.size() > NAME_MAX) {
    return errors::FileNameInvalid(name, "a part is too long.");
  }
  if (part.find('\0') != absl::string_view::npos) {
    return errors::FileNameInvalid(name, "it has a NUL character.");
  }
  // `.` and `..` lead elsewhere; other names with a dot are the store's own
  // files.
  if (part[0] == '.') {
    return errors::FileNameInvalid(name, "a part starts with a dot.");
  }
  return absl::OkStatus();
}

absl::Status CheckNewFileName(absl::string_view part, absl::string_view name) {
  if (part.find('/') != absl::string_view::npos) {
    return errors::FileNameInvalid(name, "it names a folder.");
  }
  RETURN_IF_ERROR(CheckPathPart(part, name));
  if (HasControlCharacter(part)) {
    return errors::FileNameInvalid(name, "it has a control character.");
  }
  return absl::OkStatus();
}

std::string FileName(absl::string_view path) {
  return absl::StrCat(kFilesPrefix, path);
}

absl::StatusOr<std::string> ParseUploadName(absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, kUploadsPrefix) || !IsResourceId(id)) {
    return errors::UploadNotFound(name);
  }
  return std::string(id);
}

std::string UploadName(absl::string_view id) {
  return absl::StrCat(kUploadsPrefix, id);
}

absl::StatusOr<std::string> ParseCaptureName(absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, kCapturesPrefix) || !IsResourceId(id)) {
    return errors::CaptureNotFound(name);
  }
  return std::string(id);
}

std::string CaptureName(absl::string_view id) {
  return absl::StrCat(kCapturesPrefix, id);
}

std::string SessionName(absl::string_view id) {
  return absl::StrCat(kSessionsPrefix, id);
}

}  // namespace dissectd::server
