// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/field_values.h"

#include <algorithm>

#include "clients/cli/format/column_fields.h"
#include "clients/cli/format/display_text.h"
#include "clients/cli/format/raw_value.h"

namespace dissectd::cli {
namespace {

// Wireshark's BASE_ALLOW_ZERO: an empty value is valid.
constexpr uint32_t kAllowZeroBytes = 0x800;

void AppendBytes(const Field& field, absl::string_view bytes,
                 OutputBuffer* out) {
  if (bytes.empty()) {
    out->Append((field.display_flags & kAllowZeroBytes) != 0 ? "<none>"
                                                             : "<MISSING>");
    return;
  }
  switch (field.display_flags == 0 ? field.display
                                   : v1::FIELD_DISPLAY_UNSPECIFIED) {
    case v1::FIELD_DISPLAY_SEP_DOT:
      out->AppendHexBytes(bytes, '.');
      break;
    case v1::FIELD_DISPLAY_SEP_DASH:
      out->AppendHexBytes(bytes, '-');
      break;
    case v1::FIELD_DISPLAY_SEP_COLON:
      out->AppendHexBytes(bytes, ':');
      break;
    case v1::FIELD_DISPLAY_SEP_SPACE:
      out->AppendHexBytes(bytes, ' ');
      break;
    default:
      out->AppendHexBytes(bytes);
      break;
  }
}

}  // namespace

FieldValues::FieldValues(std::vector<std::string> names, Occurrence occurrence)
    : names_(std::move(names)),
      occurrence_(occurrence),
      values_(names_.size()) {}

void FieldValues::IndexNames() {
  // If a name is given twice, the last place gets the values.
  for (size_t i = 0; i < names_.size(); ++i) {
    index_by_name_[names_[i]] = static_cast<int>(i);
  }
}

void FieldValues::Begin(const v1::StreamHeader& header) {
  release_ = &TsharkReleaseOf(header.wireshark_version());
  for (std::string& name : names_) name = PrintedFieldName(name, *release_);
  IndexNames();
  for (const v1::ColumnDefinition& column : header.columns()) {
    const auto found = index_by_name_.find(ColumnFieldName(column, *release_));
    index_by_column_.push_back(found == index_by_name_.end() ? -1
                                                             : found->second);
  }
}

int FieldValues::IndexOf(uint32_t field_id, const Field& field) {
  if (field_id >= index_by_id_.size()) index_by_id_.resize(field_id + 1);
  int& entry = index_by_id_[field_id];
  if (entry == 0) {
    const auto found = index_by_name_.find(field.name);
    entry = found == index_by_name_.end() ? 1 : found->second + 2;
  }
  return entry - 2;
}

void FieldValues::AddValue(int index, size_t begin) {
  std::vector<Span>& values = values_[index];
  if (!values.empty()) {
    if (occurrence_ == Occurrence::kFirst) return;
    if (occurrence_ == Occurrence::kLast) values.clear();
  }
  values.push_back({begin, text_.size() - begin});
}

bool FieldValues::AppendFieldText(const FrameView& frame, const Node& node) {
  const Field& field = *node.field;
  if (node.IsText()) {
    if (!node.HasCustomLabel()) return AppendNodeHex(frame, node, &text_);
    text_.Append(node.label);
    return true;
  }
  if (field.is_data_protocol) return AppendNodeHex(frame, node, &text_);
  switch (field.type) {
    case v1::FIELD_TYPE_PROTOCOL:
      // A protocol without a dissector's label is written as its filter name.
      text_.Append(node.HasCustomLabel() ? node.label
                                         : absl::string_view(field.name));
      break;
    case v1::FIELD_TYPE_NONE:
      text_.Append('1');
      break;
    case v1::FIELD_TYPE_BYTES:
    case v1::FIELD_TYPE_UINT_BYTES:
      AppendBytes(field, node.text, &text_);
      break;
    default:
      AppendDisplayText(node, *release_, &text_);
      break;
  }
  return true;
}

void FieldValues::Collect(const FrameView& frame) {
  text_.Clear();
  for (std::vector<Span>& values : values_) values.clear();
  for (const Node& node : frame.occurrences()) {
    const int index = IndexOf(node.field_id, *node.field);
    if (index < 0) continue;
    const size_t begin = text_.size();
    if (AppendFieldText(frame, node)) AddValue(index, begin);
  }
  const int columns = std::min<int>(static_cast<int>(index_by_column_.size()),
                                    frame.column_count());
  for (int i = 0; i < columns; ++i) {
    if (index_by_column_[i] < 0) continue;
    const size_t begin = text_.size();
    text_.Append(frame.column(i));
    AddValue(index_by_column_[i], begin);
  }
}

}  // namespace dissectd::cli
