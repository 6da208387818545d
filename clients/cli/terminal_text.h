// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TERMINAL_TEXT_H_
#define CLIENTS_CLI_TERMINAL_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// What to do with the line breaks and tabs of a text.
enum class LineBreaks {
  // Escapes them like other control characters. For names and values, in which
  // line breaks and tabs have no place.
  kEscape,
  // Keeps them. For messages, which line breaks and tabs lay out.
  kKeep,
};

// Returns the text with control characters escaped as in C (`\x1b`), so that
// what comes from a daemon can neither change the state of a terminal nor forge
// lines. Everything that isn't tshark's own output goes through this.
std::string Printable(absl::string_view text, LineBreaks line_breaks);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TERMINAL_TEXT_H_
