// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/preference_message.h"

#include <cstdint>
#include <protozero/pbf_builder.hpp>

#include "core/base/utf8.h"
#include "core/epan/handles.h"
#include "core/epan/public_numbers.h"
#include "core/epan/secret_preferences.h"
#include "core/query/public_text.h"
#include "dissectd/v1/preference.schema.h"

namespace dissectd::engine {
namespace {

using InfoBuilder = protozero::pbf_builder<schema::Preference>;

std::string EffectsMessage(unsigned flags) {
  std::string message;
  protozero::pbf_builder<schema::PreferenceEffects> out(message);
  out.add_bool(schema::PreferenceEffects::kDissection,
               (flags & PREF_EFFECT_DISSECTION) != 0);
  out.add_bool(schema::PreferenceEffects::kCapture,
               (flags & PREF_EFFECT_CAPTURE) != 0);
  out.add_bool(schema::PreferenceEffects::kGuiLayout,
               (flags & PREF_EFFECT_GUI_LAYOUT) != 0);
  out.add_bool(schema::PreferenceEffects::kFields,
               (flags & PREF_EFFECT_FIELDS) != 0);
  return message;
}

void AddChoices(pref_t* preference, InfoBuilder* info) {
  for (const enum_val_t* choice = prefs_get_enumvals(preference);
       choice != nullptr && choice->name != nullptr; ++choice) {
    std::string message;
    protozero::pbf_builder<schema::PreferenceChoice> out(message);
    out.add_string(schema::PreferenceChoice::kName, PublicText(choice->name));
    out.add_string(schema::PreferenceChoice::kDescription,
                   PublicText(choice->description));
    out.add_int32(schema::PreferenceChoice::kValue, choice->value);
    info->add_message(schema::Preference::kChoices, message);
  }
  info->add_bool(schema::Preference::kRadioButtons,
                 prefs_get_enum_radiobuttons(preference) != FALSE);
}

std::string TableMessage(const uat_t& table) {
  std::string message;
  protozero::pbf_builder<schema::PreferenceTable> out(message);
  out.add_string(schema::PreferenceTable::kName, PublicText(table.filename));
  out.add_string(schema::PreferenceTable::kTitle, PublicText(table.name));
  for (const uat_field_t* field = table.fields; field->name != nullptr;
       ++field) {
    std::string column;
    protozero::pbf_builder<schema::TableColumn> column_out(column);
    column_out.add_string(schema::TableColumn::kName, PublicText(field->name));
    column_out.add_string(schema::TableColumn::kTitle,
                          PublicText(field->title));
    column_out.add_string(schema::TableColumn::kDescription,
                          PublicText(field->desc));
    out.add_message(schema::PreferenceTable::kColumns, column);
  }
  out.add_uint32(schema::PreferenceTable::kRowCount, table.raw_data->len);
  out.add_bool(schema::PreferenceTable::kNamesFiles, HasFileColumn(table));
  return message;
}

void AddValues(pref_t* preference, InfoBuilder* info) {
  const GCharPtr by_default(prefs_pref_to_str(preference, pref_default));
  const GCharPtr current(prefs_pref_to_str(preference, pref_current));
  info->add_string(schema::Preference::kDefaultValue,
                   PublicText(by_default.get()));
  if (!IsSecret(preference)) {
    info->add_string(schema::Preference::kValue, PublicText(current.get()));
  }
  info->add_bool(schema::Preference::kIsDefault,
                 prefs_pref_is_default(preference) != FALSE);
}

void AddWhatItsTypeHas(pref_t* preference, uint32_t type, InfoBuilder* info) {
  switch (type) {
    case PREF_STATIC_TEXT:
    case PREF_PASSWORD:
      return;
    case PREF_UAT:
      info->add_message(schema::Preference::kTable,
                        TableMessage(*prefs_get_uat_value(preference)));
      return;
    case PREF_UINT:
      info->add_uint32(schema::Preference::kBase,
                       prefs_get_uint_base(preference));
      break;
    case PREF_ENUM:
      AddChoices(preference, info);
      break;
    case PREF_RANGE:
    case PREF_DECODE_AS_RANGE:
      info->add_uint32(schema::Preference::kRangeMaximum,
                       prefs_get_max_value(preference));
      break;
    default:
      break;
  }
  AddValues(preference, info);
}

}  // namespace

std::string ModuleMessage(const PreferenceModule& module) {
  std::string message;
  protozero::pbf_builder<schema::PreferenceModule> out(message);
  const module_t* known = module.module;
  out.add_string(schema::PreferenceModule::kName, PublicText(known->name));
  out.add_string(schema::PreferenceModule::kTitle, PublicText(known->title));
  out.add_string(schema::PreferenceModule::kDescription,
                 PublicText(known->description));
  for (const std::string& parent : module.parents) {
    out.add_string(schema::PreferenceModule::kParents, MakeValidUtf8(parent));
  }
  out.add_bool(schema::PreferenceModule::kObsolete, known->obsolete != FALSE);
  out.add_uint32(schema::PreferenceModule::kPreferenceCount,
                 g_list_length(known->prefs));
  out.add_message(schema::PreferenceModule::kEffects,
                  EffectsMessage(known->effect_flags));
  return message;
}

std::string PreferenceMessage(const std::string& full_name,
                              pref_t* preference) {
  std::string message;
  InfoBuilder out(message);
  out.add_string(schema::Preference::kName, full_name);
  if (IsObsolete(preference)) {
    out.add_bool(schema::Preference::kObsolete, true);
    return message;
  }
  const auto type = static_cast<uint32_t>(prefs_get_type(preference));
  out.add_string(schema::Preference::kTitle,
                 PublicText(prefs_get_title(preference)));
  out.add_string(schema::Preference::kDescription,
                 PublicText(prefs_get_description(preference)));
  out.add_enum(schema::Preference::kType, PublicNumber(kPreferenceTypes, type));
  out.add_uint32(schema::Preference::kTypeNumber, type);
  out.add_string(schema::Preference::kTypeName,
                 PublicText(prefs_pref_type_name(preference)));
  out.add_message(schema::Preference::kEffects,
                  EffectsMessage(prefs_get_effect_flags(preference)));
  AddWhatItsTypeHas(preference, type, &out);
  return message;
}

}  // namespace dissectd::engine
