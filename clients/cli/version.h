// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_VERSION_H_
#define CLIENTS_CLI_VERSION_H_

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// The version of dissectctl.
inline constexpr absl::string_view kVersion = "0.1.0";

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_VERSION_H_
