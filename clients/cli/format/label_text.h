// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_LABEL_TEXT_H_
#define CLIENTS_CLI_FORMAT_LABEL_TEXT_H_

#include "absl/strings/string_view.h"
#include "clients/cli/format/field_table.h"
#include "clients/cli/format/frame_view.h"
#include "clients/cli/format/output_buffer.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Returns the label of a node: what Wireshark's packet details show, without
// the brackets of generated nodes. A plain label is written to `scratch`, and
// valid until that changes.
absl::string_view LabelText(const Field& field, const v1::Node& node,
                            const BatchView& batch, OutputBuffer* scratch);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_LABEL_TEXT_H_
