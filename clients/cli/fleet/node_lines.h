// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_NODE_LINES_H_
#define CLIENTS_CLI_FLEET_NODE_LINES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/print_options.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Puts the node in front of each line of what is printed about its frames, as
// the first column, field or, for other types of output, not at all.
//
// Thread-compatible.
class NodeLines {
 public:
  // `out` is not owned and outlives this.
  NodeLines(const PrintOptions& options, OutputBuffer* out);

  // Makes the column of lines wide enough for a node.
  void MakeRoomFor(absl::string_view node);

  // Appends the text before the frames, which only the first stream has. It can
  // be the names of the fields.
  void AppendHead(absl::string_view text);

  // Appends lines about a frame of a node. Empty lines stay empty.
  void Append(absl::string_view node, absl::string_view lines);

 private:
  // Returns the text in front of a line.
  std::string PrefixOf(absl::string_view node) const;

  const OutputType type_;
  const FieldsStyle fields_;
  OutputBuffer* const out_;
  size_t width_ = 0;
  bool has_head_ = false;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_NODE_LINES_H_
