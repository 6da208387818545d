// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_LABEL_TEXT_H_
#define CLIENTS_CLI_FORMAT_LABEL_TEXT_H_

#include "absl/strings/string_view.h"
#include "clients/cli/format/node.h"
#include "clients/cli/format/output_buffer.h"

namespace dissectd::cli {

// Returns the label of a node, as in Wireshark's packet details, without the
// brackets of generated nodes. A derived label is written to `scratch`, and
// valid until that changes.
absl::string_view LabelText(const Node& node, OutputBuffer* scratch);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_LABEL_TEXT_H_
