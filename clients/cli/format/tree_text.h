// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_TREE_TEXT_H_
#define CLIENTS_CLI_FORMAT_TREE_TEXT_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// The style of the packet details of `-V`.
struct TreeTextStyle {
  // Whether to write only the subtrees of some protocols (`-O`).
  bool only_some_protocols = false;
  absl::flat_hash_set<std::string> protocols;
  // Whether to write hidden nodes, which exist only for filters.
  bool show_hidden = false;
  // Whether undissected data is dumped under its node; false if the whole frame
  // is dumped anyway.
  bool dump_data = true;
};

// Appends the labels of a frame's tree, one per line, indented by depth.
void AppendTreeText(const FrameView& frame, const TreeTextStyle& style,
                    OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_TREE_TEXT_H_
