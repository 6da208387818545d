// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_VERSION_H_
#define SERVER_VERSION_H_

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The version of dissectd.
inline constexpr absl::string_view kVersion = "0.1.0";

}  // namespace dissectd::server

#endif  // SERVER_VERSION_H_
