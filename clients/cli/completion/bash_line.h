// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_BASH_LINE_H_
#define CLIENTS_CLI_COMPLETION_BASH_LINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A command line of bash up to the cursor. Nothing in it is expanded or run.
struct BashLine {
  // The words without quotes. The last one is the word at the cursor, which may
  // be empty.
  std::vector<std::string> words;
  // How many bytes of the last word readline leaves as they are: it replaces
  // only what follows the opening quote or, without one, the last word break.
  size_t kept = 0;
  // The quote that is open at the cursor; 0 for none.
  char quote = 0;
};

// Splits a line into words. `breaks` is COMP_WORDBREAKS.
BashLine ParseBashLine(absl::string_view line, absl::string_view breaks);

// Returns a text as it has to be written where the line ends.
std::string QuotedForBash(absl::string_view text, char quote);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_BASH_LINE_H_
