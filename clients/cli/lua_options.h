// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_LUA_OPTIONS_H_
#define CLIENTS_CLI_LUA_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/attached_files.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Adds `-X`, tshark's option for scripts in Lua and their arguments, to a
// command of the program. `raw` is not owned and outlives the command.
void AddLuaOptions(CLI::App* command, std::vector<std::string>* raw);

// Reads the scripts. Errors: INVALID_ARGUMENT if one can't be read, unless
// missing files are ignored, or if a value is neither a script nor an argument
// of one.
absl::Status ReadLuaScripts(const std::vector<std::string>& raw,
                            MissingKeys missing,
                            v1::DissectionOptions* dissection);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_LUA_OPTIONS_H_
