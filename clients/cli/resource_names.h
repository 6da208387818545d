// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_RESOURCE_NAMES_H_
#define CLIENTS_CLI_RESOURCE_NAMES_H_

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns the name with its collection, which the user may omit, in front.
inline std::string InCollection(absl::string_view collection,
                                absl::string_view name) {
  return absl::StartsWith(name, collection) ? std::string(name)
                                            : absl::StrCat(collection, name);
}

// Returns the resource name of a file named by the user.
inline std::string FileResourceName(absl::string_view file) {
  return InCollection("files/", file);
}

// Returns the resource name of an export named by the user.
inline std::string ExportResourceName(absl::string_view name) {
  return InCollection("files/exports/", absl::StartsWith(name, "exports/")
                                            ? name.substr(name.find('/') + 1)
                                            : name);
}

// Returns the resource name of a capture named by the user.
inline std::string CaptureResourceName(absl::string_view capture) {
  return InCollection("captures/", capture);
}

// Returns the resource name of a session named by the user.
inline std::string SessionResourceName(absl::string_view session) {
  return InCollection("sessions/", session);
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_RESOURCE_NAMES_H_
