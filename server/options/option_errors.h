// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OPTIONS_OPTION_ERRORS_H_
#define SERVER_OPTIONS_OPTION_ERRORS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/strings/string_view.h"

// What the daemon says about wrong options: whole sentences.
namespace dissectd::server {

// `name` is as the user wrote it, with or without dashes.
std::string UnknownOption(const CLI::App& app, const std::string& name);
std::string NeedsValue(absl::string_view option);

// Returns the option that the message of the parser is about, for example
// `--store`; empty if it is about none.
std::string OptionIn(const CLI::ParseError& error);

// Returns the message of the parser, in words of our own where the library's
// don't say what is wrong.
std::string MessageOf(const CLI::ParseError& error);

}  // namespace dissectd::server

#endif  // SERVER_OPTIONS_OPTION_ERRORS_H_
