// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_TRANSLATION_H_
#define CLIENTS_CLI_TSHARK_TRANSLATION_H_

#include <string>
#include <vector>

#include "clients/cli/tshark/arguments.h"

namespace dissectd::cli::tshark {

// Each of these returns a command line of dissectctl that does a part of what
// the arguments ask for.

// Prints the frames of a file of this machine, unless `prints` is false, and
// what is asked about it as a whole; `-` is standard input.
std::vector<std::string> ReadCommand(const Arguments& arguments,
                                     const std::string& file, bool prints);

// Writes the frames of a file to the file that `-w` names. If ReadCommand
// follows, only that reports what is wrong with the file.
std::vector<std::string> WriteCommand(const Arguments& arguments,
                                      const std::string& file,
                                      bool read_follows);

// Captures.
std::vector<std::string> CaptureCommand(const Arguments& arguments);

// Lists the interfaces, or their capabilities.
std::vector<std::string> InterfacesCommand(const Arguments& arguments);

// Checks names that only the daemon knows: of reports, and of types of objects.
std::vector<std::string> ReportsCommand(const std::vector<GivenOption>& names);

// Prints a report of `-G`.
std::vector<std::string> ReportCommand(const Arguments& arguments,
                                       const std::string& report);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_TRANSLATION_H_
