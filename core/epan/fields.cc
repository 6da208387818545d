// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/fields.h"

#include <epan/tfs.h>
#include <epan/value_string.h>

namespace dissectd {
namespace {

using Visit = absl::FunctionRef<bool(const NamedValue&)>;

void VisitTruthValues(const header_field_info& field, Visit visit) {
  const auto* strings = static_cast<const true_false_string*>(field.strings);
  if (strings == nullptr) strings = &tfs_true_false;
  if (visit({1, 1, strings->true_string})) {
    visit({0, 0, strings->false_string});
  }
}

void VisitRanges(const range_string* range, Visit visit) {
  for (; range->strptr != nullptr; ++range) {
    if (!visit({range->value_min, range->value_max, range->strptr})) return;
  }
}

// Of value_string and val64_string.
template <typename ValueString>
void VisitValues(const ValueString* value, Visit visit) {
  for (; value->strptr != nullptr; ++value) {
    if (!visit({value->value, value->value, value->strptr})) return;
  }
}

void VisitNumbers(const header_field_info& field, Visit visit) {
  const unsigned display = static_cast<unsigned>(field.display);
  const void* strings = field.strings;
  const bool extended = (display & BASE_EXT_STRING) != 0;
  if ((display & BASE_RANGE_STRING) != 0) {
    VisitRanges(static_cast<const range_string*>(strings), visit);
  } else if ((display & BASE_VAL64_STRING) != 0) {
    VisitValues(extended ? VAL64_STRING_EXT_VS_P(
                               static_cast<const val64_string_ext*>(strings))
                         : static_cast<const val64_string*>(strings),
                visit);
  } else {
    VisitValues(extended ? VALUE_STRING_EXT_VS_P(
                               static_cast<const value_string_ext*>(strings))
                         : static_cast<const value_string*>(strings),
                visit);
  }
}

// Whether `strings` of the field is a table of names.
bool HasNames(const header_field_info& field) {
  const unsigned display = static_cast<unsigned>(field.display);
  return field.strings != nullptr &&
         (IS_FT_INT(field.type) || IS_FT_UINT(field.type)) &&
         field.type != FT_FRAMENUM && (display & BASE_UNIT_STRING) == 0 &&
         (display & FIELD_DISPLAY_E_MASK) != BASE_CUSTOM;
}

}  // namespace

void ForEachField(absl::FunctionRef<void(header_field_info*)> visit) {
  void* protocols = nullptr;
  for (int id = proto_get_first_protocol(&protocols); id != -1;
       id = proto_get_next_protocol(&protocols)) {
    visit(proto_registrar_get_nth(static_cast<guint>(id)));
    void* fields = nullptr;
    for (header_field_info* field = proto_get_first_protocol_field(id, &fields);
         field != nullptr; field = proto_get_next_protocol_field(id, &fields)) {
      visit(field);
    }
  }
}

const char* ProtocolOfField(const header_field_info& field) {
  if (field.parent == -1) return "";
  return proto_registrar_get_abbrev(field.parent);
}

void ForEachNamedValue(const header_field_info& field, Visit visit) {
  if (field.type == FT_BOOLEAN) {
    VisitTruthValues(field, visit);
  } else if (HasNames(field)) {
    VisitNumbers(field, visit);
  }
}

}  // namespace dissectd
