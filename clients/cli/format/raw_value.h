// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_RAW_VALUE_H_
#define CLIENTS_CLI_FORMAT_RAW_VALUE_H_

#include "clients/cli/format/json_writer.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/node.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Appends the bytes of a node in hexadecimal, or a remark if its length exceeds
// the captured bytes. Returns false, and appends nothing, if the node has no
// bytes.
bool AppendNodeHex(const FrameView& frame, const Node& node, OutputBuffer* out);

// Writes the raw value of a node: its bits if the field has a bitmask,
// otherwise its bytes, if it has any.
void WriteRawValue(const FrameView& frame, const Node& node, JsonWriter* json);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_RAW_VALUE_H_
