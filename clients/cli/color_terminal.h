// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COLOR_TERMINAL_H_
#define CLIENTS_CLI_COLOR_TERMINAL_H_

namespace dissectd::cli {

// Whether standard output is a terminal that shows any color, as tshark finds
// out.
bool IsColorTerminal();

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COLOR_TERMINAL_H_
