// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_TREE_TEXT_H_
#define CLIENTS_CLI_FORMAT_TREE_TEXT_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "clients/cli/format/frame_view.h"
#include "clients/cli/format/output_buffer.h"

namespace dissectd::cli {

// How the packet details of `-V` are written.
struct TreeTextStyle {
  // With names, only the subtrees of these protocols (`-O`).
  bool only_some_protocols = false;
  absl::flat_hash_set<std::string> protocols;
  // Also nodes that are there only to be filtered for.
  bool show_hidden = false;
  // Whether undissected data is dumped under its node; not if the whole frame
  // is dumped anyway.
  bool dump_data = true;
};

// Appends the labels of a frame's tree, a line each, indented by depth.
void AppendTreeText(const FrameView& frame, const TreeTextStyle& style,
                    OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_TREE_TEXT_H_
