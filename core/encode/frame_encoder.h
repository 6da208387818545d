// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FRAME_ENCODER_H_
#define CORE_ENCODE_FRAME_ENCODER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/field_set.h"
#include "core/encode/node_encoder.h"
#include "core/encode/string_table.h"
#include "core/epan/columns.h"
#include "core/epan/wireshark.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Writes what a view asks of dissected frames as dissectd.v1.Frame.
class FrameEncoder {
 public:
  // Errors: INVALID_ARGUMENT with FIELD_UNKNOWN or PROTOCOL_UNKNOWN. `view`,
  // `strings` and `fields` are not owned and outlive this.
  static absl::StatusOr<FrameEncoder> Create(const View& view,
                                             StringTable* strings,
                                             FieldDictionary* fields);

  // Appends FrameBatch.frames for the frame that `edt` has dissected.
  // `columns` is null unless the view wants columns.
  void Append(epan_dissect_t* edt, const frame_data& frame, ColumnSet* columns,
              std::string* out);

  // The fields that the view names.
  const FieldSet& wanted_fields() const { return wanted_fields_; }

 private:
  FrameEncoder(const View& view, FieldSet wanted_fields, FieldSet chosen,
               StringTable* strings, FieldDictionary* fields)
      : view_(&view),
        wanted_fields_(std::move(wanted_fields)),
        chosen_protocols_(std::move(chosen)),
        strings_(strings),
        nodes_(strings, fields) {}

  void AppendColumns(ColumnSet* columns);
  void AppendFields(const proto_node* root);
  void AppendTree(const proto_node* root);
  void AppendSources(epan_dissect_t* edt);
  uint32_t SourceOf(const field_info* node) const;

  const View* view_;
  FieldSet wanted_fields_;
  FieldSet chosen_protocols_;
  StringTable* strings_;
  NodeEncoder nodes_;
  // Of the frame that is being written.
  std::vector<const tvbuff_t*> sources_;
  std::string message_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FRAME_ENCODER_H_
