// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_COMPLETE_H_
#define CLIENTS_CLI_COMPLETION_COMPLETE_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// The first argument of dissectctl with which the scripts for shells ask what
// to offer. No help lists it.
inline constexpr char kCompleteArgument[] = "complete";

// Prints what a shell can offer at the end of an unfinished command line. The
// arguments are `bash LINE BREAKS`, with the line up to the cursor and
// COMP_WORDBREAKS; `zsh WORD...` with the words after the program's name,
// without quotes; or `fish WORD... TOKEN` with the last word as it was typed.
//
// The first line of the output is `whole`, `parts` or `files`, as the
// enumerators of Candidates::Kind. The others are candidates; for zsh and fish
// a tab and a description may follow. Prints nothing if the arguments are
// wrong.
void PrintCandidates(const CLI::App& program,
                     const std::vector<std::string>& arguments);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_COMPLETE_H_
