// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/preference_message.h"

#include <cstdint>
#include <protozero/pbf_builder.hpp>

#include "core/base/utf8.h"
#include "core/epan/handles.h"

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/preference.proto.
enum class EffectsTag : protozero::pbf_tag_type {
  kDissection = 1,
  kCapture,
  kGuiLayout,
  kFields,
};
enum class ModuleTag : protozero::pbf_tag_type {
  kName = 1,
  kTitle,
  kDescription,
  kParents,
  kObsolete,
  kPreferenceCount,
  kEffects,
};
enum class ChoiceTag : protozero::pbf_tag_type {
  kName = 1,
  kDescription,
  kValue,
};
enum class ColumnTag : protozero::pbf_tag_type {
  kName = 1,
  kTitle,
  kDescription,
};
enum class TableTag : protozero::pbf_tag_type {
  kName = 1,
  kTitle,
  kColumns,
  kRowCount,
  kNamesFiles,
};
enum class InfoTag : protozero::pbf_tag_type {
  kName = 1,
  kTitle,
  kDescription,
  kType,
  kTypeNumber,
  kTypeName,
  kObsolete,
  kEffects,
  kDefaultValue,
  kValue,
  kIsDefault,
  kBase,
  kChoices,
  kRadioButtons,
  kRangeMaximum,
  kTable,
};

using InfoBuilder = protozero::pbf_builder<InfoTag>;

// Texts of libwireshark may be null.
std::string TextOf(const char* text) {
  return text == nullptr ? std::string() : MakeValidUtf8(text);
}

std::string EffectsMessage(unsigned flags) {
  std::string message;
  protozero::pbf_builder<EffectsTag> out(message);
  out.add_bool(EffectsTag::kDissection, (flags & PREF_EFFECT_DISSECTION) != 0);
  out.add_bool(EffectsTag::kCapture, (flags & PREF_EFFECT_CAPTURE) != 0);
  out.add_bool(EffectsTag::kGuiLayout, (flags & PREF_EFFECT_GUI_LAYOUT) != 0);
  out.add_bool(EffectsTag::kFields, (flags & PREF_EFFECT_FIELDS) != 0);
  return message;
}

// dissectd.v1.PreferenceType of a type of libwireshark, which has a bit each.
int32_t ApiType(uint32_t type) {
  constexpr uint32_t kKnown[] = {
      PREF_UINT,
      PREF_BOOL,
      PREF_ENUM,
      PREF_STRING,
      PREF_RANGE,
      PREF_STATIC_TEXT,
      PREF_UAT,
      PREF_SAVE_FILENAME,
      PREF_COLOR,
      PREF_CUSTOM,
      PREF_DIRNAME,
      PREF_DECODE_AS_UINT,
      PREF_DECODE_AS_RANGE,
      PREF_OPEN_FILENAME,
      PREF_PASSWORD,
  };
  int32_t number = 1;
  for (const uint32_t known : kKnown) {
    if (type == known) return number;
    ++number;
  }
  return 0;
}

void AddChoices(pref_t* preference, InfoBuilder* info) {
  for (const enum_val_t* choice = prefs_get_enumvals(preference);
       choice != nullptr && choice->name != nullptr; ++choice) {
    std::string message;
    protozero::pbf_builder<ChoiceTag> out(message);
    out.add_string(ChoiceTag::kName, TextOf(choice->name));
    out.add_string(ChoiceTag::kDescription, TextOf(choice->description));
    out.add_int32(ChoiceTag::kValue, choice->value);
    info->add_message(InfoTag::kChoices, message);
  }
  info->add_bool(InfoTag::kRadioButtons,
                 prefs_get_enum_radiobuttons(preference) != FALSE);
}

std::string TableMessage(const uat_t& table) {
  std::string message;
  protozero::pbf_builder<TableTag> out(message);
  out.add_string(TableTag::kName, TextOf(table.filename));
  out.add_string(TableTag::kTitle, TextOf(table.name));
  for (const uat_field_t* field = table.fields; field->name != nullptr;
       ++field) {
    std::string column;
    protozero::pbf_builder<ColumnTag> column_out(column);
    column_out.add_string(ColumnTag::kName, TextOf(field->name));
    column_out.add_string(ColumnTag::kTitle, TextOf(field->title));
    column_out.add_string(ColumnTag::kDescription, TextOf(field->desc));
    out.add_message(TableTag::kColumns, column);
  }
  out.add_uint32(TableTag::kRowCount, table.raw_data->len);
  out.add_bool(TableTag::kNamesFiles, HasFileColumn(table));
  return message;
}

void AddValues(pref_t* preference, InfoBuilder* info) {
  const GCharPtr by_default(prefs_pref_to_str(preference, pref_default));
  const GCharPtr current(prefs_pref_to_str(preference, pref_current));
  info->add_string(InfoTag::kDefaultValue, TextOf(by_default.get()));
  info->add_string(InfoTag::kValue, TextOf(current.get()));
  info->add_bool(InfoTag::kIsDefault,
                 prefs_pref_is_default(preference) != FALSE);
}

void AddWhatItsTypeHas(pref_t* preference, uint32_t type, InfoBuilder* info) {
  switch (type) {
    case PREF_STATIC_TEXT:
    case PREF_PASSWORD:
      return;
    case PREF_UAT:
      info->add_message(InfoTag::kTable,
                        TableMessage(*prefs_get_uat_value(preference)));
      return;
    case PREF_UINT:
      info->add_uint32(InfoTag::kBase, prefs_get_uint_base(preference));
      break;
    case PREF_ENUM:
      AddChoices(preference, info);
      break;
    case PREF_RANGE:
    case PREF_DECODE_AS_RANGE:
      info->add_uint32(InfoTag::kRangeMaximum, prefs_get_max_value(preference));
      break;
    default:
      break;
  }
  AddValues(preference, info);
}

}  // namespace

std::string ModuleMessage(const PreferenceModule& module) {
  std::string message;
  protozero::pbf_builder<ModuleTag> out(message);
  const module_t* known = module.module;
  out.add_string(ModuleTag::kName, TextOf(known->name));
  out.add_string(ModuleTag::kTitle, TextOf(known->title));
  out.add_string(ModuleTag::kDescription, TextOf(known->description));
  for (const std::string& parent : module.parents) {
    out.add_string(ModuleTag::kParents, MakeValidUtf8(parent));
  }
  out.add_bool(ModuleTag::kObsolete, known->obsolete != FALSE);
  out.add_uint32(ModuleTag::kPreferenceCount, g_list_length(known->prefs));
  out.add_message(ModuleTag::kEffects, EffectsMessage(known->effect_flags));
  return message;
}

std::string PreferenceMessage(const std::string& full_name,
                              pref_t* preference) {
  std::string message;
  InfoBuilder out(message);
  out.add_string(InfoTag::kName, full_name);
  if (IsObsolete(preference)) {
    out.add_bool(InfoTag::kObsolete, true);
    return message;
  }
  const auto type = static_cast<uint32_t>(prefs_get_type(preference));
  out.add_string(InfoTag::kTitle, TextOf(prefs_get_title(preference)));
  out.add_string(InfoTag::kDescription,
                 TextOf(prefs_get_description(preference)));
  out.add_enum(InfoTag::kType, ApiType(type));
  out.add_uint32(InfoTag::kTypeNumber, type);
  out.add_string(InfoTag::kTypeName, TextOf(prefs_pref_type_name(preference)));
  out.add_message(InfoTag::kEffects,
                  EffectsMessage(prefs_get_effect_flags(preference)));
  AddWhatItsTypeHas(preference, type, &out);
  return message;
}

}  // namespace dissectd::engine
