// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SHELL_WORD_H_
#define CLIENTS_CLI_SHELL_WORD_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns a text as a word for a shell, on one line, without control
// characters. Only a text with control characters needs a shell that knows
// $'...', such as bash.
std::string ShellWord(absl::string_view text);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SHELL_WORD_H_
