// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/decode_as_tables.h"
#include "core/catalog/field_types.h"
#include "core/catalog/options.h"
#include "core/catalog/preferences.h"
#include "core/catalog/profiles.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kListPreferenceModules:
      return ListPreferenceModules;
    case ipc::Query::kListPreferences:
      return ListPreferences;
    case ipc::Query::kGetPreference:
      return GetPreference;
    case ipc::Query::kValidateOptions:
      return ValidateOptions;
    case ipc::Query::kExportPreferences:
      return ExportPreferences;
    case ipc::Query::kListDecodeAs:
      return ListDecodeAs;
    case ipc::Query::kListProfiles:
      return ListProfiles;
    case ipc::Query::kGetProfile:
      return GetProfile;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
