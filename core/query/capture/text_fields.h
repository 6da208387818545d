// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_TEXT_FIELDS_H_
#define CORE_QUERY_CAPTURE_TEXT_FIELDS_H_

#include <cstdint>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/utf8.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {

// Adds texts of a capture to a message: as strings, and those that aren't valid
// UTF-8 as RawField as well, with their exact bytes.
template <typename Tag>
class TextFields {
 public:
  // `raw_fields` is the tag of the message's RawField. `out` is not owned, and
  // outlives this.
  TextFields(Tag raw_fields, protozero::pbf_builder<Tag>* out)
      : raw_fields_(raw_fields), out_(out) {}

  // Adds a text as the field `tag`, whose name is `name`. `index` counts the
  // texts of a repeated field.
  void Add(Tag tag, absl::string_view name, absl::string_view text,
           uint32_t index = 0) {
    if (IsValidUtf8(text)) {
      out_->add_string(tag, text.data(), text.size());
      return;
    }
    out_->add_string(tag, MakeValidUtf8(text));
    protozero::pbf_builder<schema::RawField> raw(*out_, raw_fields_);
    raw.add_string(schema::RawField::kField, name.data(), name.size());
    raw.add_uint32(schema::RawField::kIndex, index);
    raw.add_bytes(schema::RawField::kValue, text.data(), text.size());
  }

 private:
  const Tag raw_fields_;
  protozero::pbf_builder<Tag>* const out_;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_TEXT_FIELDS_H_
