// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILE_NAME_H_
#define CLIENTS_CLI_FILE_NAME_H_

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns the resource name of a file that the user named, with or without the
// collection in front.
inline std::string FileResourceName(absl::string_view file) {
  constexpr absl::string_view kCollection = "files/";
  return absl::StartsWith(file, kCollection) ? std::string(file)
                                             : absl::StrCat(kCollection, file);
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILE_NAME_H_
