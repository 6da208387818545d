// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OPTIONS_PARSE_OPTIONS_H_
#define SERVER_OPTIONS_PARSE_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Adds the options of every program of the server: help, version, and the file
// with options. The program is named after the parser.
void AddCommonOptions(CLI::App* app, absl::string_view version);

// Parses the command line and the file with options. `check` throws a
// CLI::ParseError if something is missing. Returns the exit status of the
// process if it has nothing more to do, after printing help or an error.
std::optional<int> ParseOptions(CLI::App* app, int argc, char** argv,
                                const std::function<void()>& check);

}  // namespace dissectd::server

#endif  // SERVER_OPTIONS_PARSE_OPTIONS_H_
