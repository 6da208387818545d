// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/dissect_request.h"

#include <limits>

#include "absl/strings/match.h"
#include "clients/cli/format/column_fields.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

void AskForFields(const PrintOptions& options, v1::View* view) {
  for (const std::string& name : options.fields) {
    if (absl::StartsWith(name, kColumnFieldPrefix)) {
      view->mutable_columns()->set_use_profile_columns(true);
      continue;
    }
    view->add_fields(name);
    // Nodes without labels are printed as bytes.
    if (name == "data" || name == "text") {
      view->set_bytes(v1::BYTE_DETAIL_ALL_SOURCES);
    }
  }
  // Protocols are printed as their labels.
  view->set_labels(true);
}

// Returns whether printing shows nodes that Wireshark hides.
bool NeedsHiddenNodes(const PrintOptions& options) {
  switch (options.type) {
    case OutputType::kText:
    case OutputType::kTabs:
      return options.show_hidden;
    default:
      return true;
  }
}

// Returns whether printing shows values that are not in labels.
bool NeedsValues(const PrintOptions& options) {
  return options.type != OutputType::kText && options.type != OutputType::kTabs;
}

void AskForTree(const PrintOptions& options, v1::View* view) {
  view->set_tree(v1::TREE_DETAIL_FULL);
  view->set_labels(true);
  view->set_include_hidden(NeedsHiddenNodes(options));
}

// Requests all printed values without truncation.
void AskForWholeValues(const PrintOptions& options, v1::View* view) {
  constexpr uint32_t kNoLimit = std::numeric_limits<uint32_t>::max();
  // Enough for labels that are derived from a value.
  constexpr uint32_t kLabelsOnly = 256;
  view->set_max_bytes_per_source(kNoLimit);
  view->set_max_value_bytes(NeedsValues(options) ? kNoLimit : kLabelsOnly);
}

// Returns whether the output needs the bytes of the frames.
bool NeedsBytes(const PrintOptions& options) {
  switch (options.type) {
    case OutputType::kJsonRaw:
    case OutputType::kPdml:
      return options.fields.empty();
    case OutputType::kText:
    case OutputType::kTabs:
      // Details include a dump of undissected data.
      return options.bytes || options.details;
    case OutputType::kJson:
    case OutputType::kEk:
      return options.bytes && options.details && options.fields.empty();
    case OutputType::kNone:
      return options.bytes;
    case OutputType::kFields:
    case OutputType::kPsml:
      return false;
  }
  return false;
}

}  // namespace

v1::DissectRequest MakeDissectRequest(const PrintOptions& options) {
  v1::DissectRequest request;
  *request.mutable_options() = options.dissection;
  v1::View* view = request.mutable_view();
  AssignText(options.display_filter, view->mutable_display_filter(),
             view->mutable_raw_display_filter());
  view->set_colors(options.color);
  if (!options.print) return request;

  if (options.summary) view->mutable_columns()->set_use_profile_columns(true);
  if (!options.fields.empty()) {
    AskForFields(options, view);
  } else if (options.details) {
    AskForTree(options, view);
  }
  if (NeedsBytes(options)) {
    const bool first_only = options.dump.first_source_only && !options.details;
    view->set_bytes(first_only ? v1::BYTE_DETAIL_FRAME
                               : v1::BYTE_DETAIL_ALL_SOURCES);
  }
  AskForWholeValues(options, view);
  return request;
}

}  // namespace dissectd::cli
