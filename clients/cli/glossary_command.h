// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_GLOSSARY_COMMAND_H_
#define CLIENTS_CLI_GLOSSARY_COMMAND_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// The names of the reports.
std::vector<std::string> GlossaryReports();
bool IsGlossaryReport(const std::string& name);

// `dissectctl glossary REPORT`: prints what `tshark -G REPORT` does.
void AddGlossaryCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_GLOSSARY_COMMAND_H_
