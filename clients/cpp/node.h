// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_NODE_H_
#define CLIENTS_CPP_NODE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "clients/cpp/field_table.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// A node of a protocol tree with all references resolved. Its texts belong to
// its batch.
struct Node {
  const Field* field = nullptr;
  uint32_t field_id = 0;
  uint32_t depth = 0;
  // The number of its top-level node, from 1; only for occurrences of fields.
  uint32_t layer = 0;
  int32_t start = 0;
  int32_t length = 0;
  uint32_t source_number = 0;
  // v1::NodeFlag values.
  uint32_t flags = 0;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  v1::ExpertGroup expert_group = v1::EXPERT_GROUP_UNSPECIFIED;

  v1::LabelForm label_form = v1::LABEL_FORM_UNSPECIFIED;
  // The label; with LABEL_FORM_DERIVED its suffix.
  absl::string_view label;

  // The member below that has the value.
  v1::ValueKind value_kind = v1::VALUE_KIND_UNSPECIFIED;
  uint64_t unsigned_value = 0;
  int64_t signed_value = 0;
  double double_value = 0;
  // The value of strings and bytes.
  absl::string_view text;
  int64_t seconds = 0;
  int32_t nanos = 0;

  bool Has(v1::NodeFlag flag) const { return (flags & flag) != 0; }
  bool IsText() const { return Has(v1::NODE_FLAG_TEXT); }
  bool IsHidden() const { return Has(v1::NODE_FLAG_HIDDEN); }

  // Whether the dissector has set the label, which may be empty, instead of
  // leaving it to libwireshark.
  bool HasCustomLabel() const {
    return label_form == v1::LABEL_FORM_CUSTOM ||
           (label_form == v1::LABEL_FORM_DERIVED && !label.empty());
  }
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_NODE_H_
