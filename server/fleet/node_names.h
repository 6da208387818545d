// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_NAMES_H_
#define SERVER_FLEET_NODE_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Parses and builds the resource names of a fleet.
namespace dissectd::server {

// The resource name that stands for all nodes.
inline constexpr absl::string_view kAllNodes = "nodes/-";

// Whether a text can be the id of a node: 1 to 255 letters, digits and
// characters of `._:-`, but not a single hyphen.
bool IsNodeId(absl::string_view text);

// Returns `nodes/{node}`.
std::string NodeName(absl::string_view node);

// Returns the node of `nodes/{node}`. Errors: NODE_NAME_INVALID.
absl::StatusOr<std::string> ParseNodeName(absl::string_view name);

// A capture on a node.
struct NodeCaptureName {
  std::string node;
  // Its name at the node, `captures/{id}`.
  std::string capture;
};

// Returns `nodes/{node}/captures/{id}`.
std::string NodeCaptureNameOf(absl::string_view node,
                              absl::string_view capture);

// Errors: NODE_NAME_INVALID, CAPTURE_NOT_FOUND.
absl::StatusOr<NodeCaptureName> ParseNodeCaptureName(absl::string_view name);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_NAMES_H_
