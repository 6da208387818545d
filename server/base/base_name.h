// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_BASE_NAME_H_
#define SERVER_BASE_BASE_NAME_H_

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns what follows the last slash of a path; all of it if there is none.
inline absl::string_view BaseName(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_BASE_NAME_H_
