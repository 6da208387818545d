// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_HELP_H_
#define CLIENTS_CLI_TSHARK_HELP_H_

#include <string>

namespace dissectd::cli::tshark {

// What `-h` prints, and what follows a message about a wrong option.
std::string HelpText();

// What `--hexdump help` prints.
std::string HexDumpHelpText();

// What `-G help` prints.
std::string ReportHelpText();

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_HELP_H_
