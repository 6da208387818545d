// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TERMINAL_TEXT_H_
#define CLIENTS_CLI_TERMINAL_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Whether line breaks and tabs of a text are its layout.
enum class LineBreaks {
  // Those of a name or a value aren't, and are escaped.
  kEscape,
  // Those of a message are, and are kept.
  kKeep,
};

// Returns the text with control characters escaped as in C (`\x1b`), so that
// what comes from a daemon can neither change the state of a terminal nor forge
// lines. Everything that isn't tshark's own output goes through this.
std::string Printable(absl::string_view text, LineBreaks line_breaks);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TERMINAL_TEXT_H_
