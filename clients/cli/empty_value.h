// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_EMPTY_VALUE_H_
#define CLIENTS_CLI_EMPTY_VALUE_H_

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns whether an argument is an option with an empty value, `--NAME=`.
// CLI11 takes the next argument for its value.
inline bool HasEmptyValue(absl::string_view argument) {
  return absl::StartsWith(argument, "--") &&
         argument.find('=') == argument.size() - 1;
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_EMPTY_VALUE_H_
