// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_DISPLAY_TEXT_H_
#define CLIENTS_CLI_FORMAT_DISPLAY_TEXT_H_

#include "clients/cli/format/tshark_release.h"
#include "clients/cpp/node.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Appends the value of a node as JSON and EK have it. Booleans are 1 or 0.
void AppendJsonText(const Node& node, const TsharkRelease& release,
                    OutputBuffer* out);

// Appends the value of a node as PDML and selected fields have it: its
// FTREPR_DISPLAY in Wireshark.
void AppendDisplayText(const Node& node, const TsharkRelease& release,
                       OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_DISPLAY_TEXT_H_
