// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_WORD_COMPLETION_H_
#define CLIENTS_CLI_COMPLETION_WORD_COMPLETION_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "clients/cli/completion/candidates.h"

namespace dissectd::cli {

// Returns what may stand in place of the last of the words, which are those
// after the program's name. There is at least one. Reads the user's
// configuration and asks the daemon if it has to; errors count as no
// candidates.
Candidates CompleteWord(const CLI::App& program,
                        std::vector<std::string> words);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_WORD_COMPLETION_H_
