// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_message.h"

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "core/epan/public_numbers.h"
#include "core/epan/registry.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {

std::string FieldMessage(const header_field_info* field) {
  using Tag = schema::Field;
  std::string message;
  wire::AppendText(&message, Tag::kName, MakeValidUtf8(field->abbrev));
  wire::AppendText(&message, Tag::kDisplayName, MakeValidUtf8(field->name));
  wire::AppendUint(&message, Tag::kType,
                   static_cast<uint64_t>(PublicFieldType(field->type)));
  const auto display = static_cast<uint32_t>(field->display);
  if (field->type == FT_BOOLEAN) {
    // libwireshark stores the width of booleans in place of the display.
    wire::AppendUint(&message, Tag::kDisplayBits, display);
  } else {
    wire::AppendUint(&message, Tag::kDisplay,
                     static_cast<uint64_t>(PublicFieldDisplay(field->display)));
    wire::AppendUint(&message, Tag::kDisplayFlags,
                     display & ~static_cast<uint32_t>(FIELD_DISPLAY_E_MASK));
  }
  wire::AppendUint(&message, Tag::kBitmask, field->bitmask);
  wire::AppendText(&message, Tag::kProtocol,
                   MakeValidUtf8(ProtocolOfField(*field)));
  wire::AppendUint(&message, Tag::kTypeNumber, field->type);
  return message;
}

}  // namespace dissectd::engine
