// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_dictionary.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/encode/wire.h"

namespace dissectd {
namespace {

enum FrameBatchField : uint32_t { kFields = 4 };
enum DefinitionField : uint32_t {
  kId = 1,
  kName,
  kDisplayName,
  kType,
  kDisplay,
  kDisplayBits,
  kBitmask,
  kTypeNumber,
  kDisplayFlags,
  kProtocol,
};

// Bits of header_field_info.display above its field_display_e.
constexpr uint32_t kDisplayFlagsMask = ~static_cast<uint32_t>(0xff);

// The number of `type` in dissectd.v1.FieldType, which lists libwireshark 4.0's
// types in their order, after UNSPECIFIED. A test compares the names.
uint32_t PublicType(ftenum_t type) { return static_cast<uint32_t>(type) + 1; }

std::string ProtocolOf(const header_field_info* field) {
  if (field->parent < 0) return "";
  const char* name = proto_registrar_get_abbrev(field->parent);
  return name == nullptr ? "" : MakeValidUtf8(name);
}

}  // namespace

uint32_t FieldDictionary::Define(const header_field_info* field) {
  const auto index = static_cast<size_t>(field->id);
  if (index >= ids_.size()) {
    ids_.resize(std::max(index + 1, ids_.size() * 2));
  }
  const uint32_t id = ++last_id_;
  ids_[index] = id;
  std::string definition;
  wire::AppendUint(&definition, kId, id);
  wire::AppendText(&definition, kName, MakeValidUtf8(field->abbrev));
  wire::AppendText(&definition, kDisplayName, MakeValidUtf8(field->name));
  wire::AppendUint(&definition, kType, PublicType(field->type));
  const auto display = static_cast<uint32_t>(field->display);
  if (field->type == FT_BOOLEAN) {
    // libwireshark keeps the width here, in place of a way of display.
    wire::AppendUint(&definition, kDisplayBits, display);
  } else {
    wire::AppendUint(&definition, kDisplay, FIELD_DISPLAY(display));
    wire::AppendUint(&definition, kDisplayFlags, display & kDisplayFlagsMask);
  }
  wire::AppendUint(&definition, kBitmask, field->bitmask);
  wire::AppendUint(&definition, kTypeNumber, field->type);
  wire::AppendText(&definition, kProtocol, ProtocolOf(field));
  wire::AppendBytes(&new_definitions_, kFields, definition);
  return id;
}

void FieldDictionary::AppendNewTo(std::string* out) {
  out->append(new_definitions_);
  new_definitions_.clear();
}

}  // namespace dissectd
