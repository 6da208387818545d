// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_
#define CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A filter of `-j` or `-J`: the protocols whose children are written in
// structured formats.
struct ProtocolFilter {
  // Whether there is a filter. Without one, everything is written; with one
  // without names, only top-level nodes are.
  bool active = false;
  absl::flat_hash_set<std::string> names;
  // Whether the descendants of a named node are written without being named
  // themselves (`-J`).
  bool include_children = false;

  bool Has(absl::string_view name) const { return names.contains(name); }
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_
