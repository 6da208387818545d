// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PARSE_ERROR_TEXT_H_
#define CLIENTS_CLI_PARSE_ERROR_TEXT_H_

#include <string>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// Returns the message for the user about a command line that can't be parsed:
// it names the wrong word and what was most likely meant. A second line says
// which help to read. `program` is the parser that threw the error.
std::string ParseErrorText(const CLI::App& program,
                           const CLI::ParseError& error);

// Returns whether a word of the command line stands where a command should,
// and isn't one. The parser doesn't tell if help is asked for.
bool HasWrongCommand(const CLI::App& program);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PARSE_ERROR_TEXT_H_
