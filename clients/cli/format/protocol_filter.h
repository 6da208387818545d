// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_
#define CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// `-j` or `-J`: whose children are written in structured formats.
struct ProtocolFilter {
  // Without a filter, everything is written; with one without names, nothing
  // but the top.
  bool active = false;
  absl::flat_hash_set<std::string> names;
  // Whether the descendants of a named node are written without being named
  // themselves (`-J`).
  bool include_children = false;

  bool Has(absl::string_view name) const { return names.contains(name); }
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_PROTOCOL_FILTER_H_
