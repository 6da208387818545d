// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OPTION_HELPERS_H_
#define CLIENTS_CLI_OPTION_HELPERS_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Adds an option that may be given many times, each time with one value.
// `values` is not owned and outlives the command.
CLI::Option* AddList(CLI::App* command, const std::string& names,
                     std::vector<std::string>* values, const std::string& help);

// Adds an option whose last value counts. `value` is not owned and outlives the
// command.
CLI::Option* AddValue(CLI::App* command, const std::string& names,
                      std::string* value, const std::string& help);

// Adds the required operand `name` of a command. `value` is not owned and
// outlives the command.
CLI::Option* AddOperand(CLI::App* command, const std::string& name,
                        std::string* value, const std::string& help);

// Returns a check that a value isn't empty, as it is if a shell has no such
// variable.
CLI::Validator NotEmpty();

// Adds `--no-headers`. `value` is not owned and outlives the command.
void AddNoHeaders(CLI::App* command, bool* value);

// Adds examples to the end of a command's help. Each is a line for a shell; a
// test runs them together.
void AddExamples(CLI::App* command, const std::vector<std::string>& lines);

// Marks options whose values may be any bytes: they are for this machine, or go
// to the server as bytes.
void AllowAnyBytes(const CLI::App& command,
                   std::initializer_list<const char*> names);

// Makes the parser refuse values that aren't valid UTF-8, in a program and all
// its commands, except for the marked options. Call once all options are added.
void RequireUtf8(CLI::App* program);

// Checks a name that goes to the server. Errors: INVALID_ARGUMENT if it isn't
// valid UTF-8.
absl::Status CheckServerName(absl::string_view name);

// Returns a check that a value is a number from `min` to `max`.
CLI::Validator NumberFrom(double min, double max);

// Returns whether an option was given.
bool IsGiven(const CLI::App& command, const std::string& name);

// Returns the name of an option of a group of the help that was given; empty if
// none was.
std::string GivenOfGroup(const CLI::App& command, absl::string_view group);

// Returns the option that was given last of the two; empty if neither was
// given.
std::string LastOf(const CLI::App& command, const std::string& a,
                   const std::string& b);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OPTION_HELPERS_H_
