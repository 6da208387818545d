// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_TERMINAL_H_
#define CLIENTS_CLI_PLOT_TERMINAL_H_

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// What standard output can show.
struct TerminalAbilities {
  int columns = 80;
  int rows = 24;
  // The size of a character in pixels.
  int cell_width = 10;
  int cell_height = 20;
  bool colors = false;
  bool sixel = false;
};

// Finds out what standard output can show. Asks the terminal about graphics, if
// it is one, and waits a fifth of a second at most for the answer.
TerminalAbilities AbilitiesOfTerminal();

// Returns whether a terminal's answer to the request for its attributes, for
// example `ESC [ ? 62 ; 4 c`, says that it draws sixels.
bool AnswerHasSixel(absl::string_view answer);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_TERMINAL_H_
