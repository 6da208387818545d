// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/query_table.h"

#include "core/catalog/capture_summary.h"
#include "core/catalog/column_formats.h"
#include "core/catalog/compile_filter.h"
#include "core/catalog/complete_filter.h"
#include "core/catalog/decode_as_tables.h"
#include "core/catalog/dissector_tables.h"
#include "core/catalog/export_packets.h"
#include "core/catalog/field_types.h"
#include "core/catalog/fields.h"
#include "core/catalog/file_types.h"
#include "core/catalog/filter_lists.h"
#include "core/catalog/libraries.h"
#include "core/catalog/options.h"
#include "core/catalog/plugins.h"
#include "core/catalog/preferences.h"
#include "core/catalog/profiles.h"
#include "core/catalog/protocols.h"
#include "core/catalog/record_list.h"
#include "core/catalog/timestamp_types.h"
#include "core/catalog/values.h"

namespace dissectd {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kListProtocols:
      return ListProtocols;
    case ipc::Query::kListHeuristicDissectors:
      return ListHeuristicDissectors;
    case ipc::Query::kListFields:
      return ListFields;
    case ipc::Query::kGetField:
      return GetField;
    case ipc::Query::kListFieldValues:
      return ListFieldValues;
    case ipc::Query::kStreamRegistry:
      return StreamRegistry;
    case ipc::Query::kListColumnFormats:
      return ListColumnFormats;
    case ipc::Query::kValidateColumn:
      return ValidateColumn;
    case ipc::Query::kListEncapsulations:
      return ListEncapsulations;
    case ipc::Query::kListFileTypes:
      return ListFileTypes;
    case ipc::Query::kListDissectorTables:
      return ListDissectorTables;
    case ipc::Query::kListDissectorTableEntries:
      return ListDissectorTableEntries;
    case ipc::Query::kListTimestampTypes:
      return ListTimestampTypes;
    case ipc::Query::kListPlugins:
      return ListPlugins;
    case ipc::Query::kCompileFilter:
      return CompileFilter;
    case ipc::Query::kCompleteFilter:
      return CompleteFilter;
    case ipc::Query::kListFilterMacros:
      return ListFilterMacros;
    case ipc::Query::kListSavedFilters:
      return ListSavedFilters;
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
    case ipc::Query::kDescribeCapture:
      return DescribeCapture;
    case ipc::Query::kListRecords:
      return ListRecords;
    case ipc::Query::kExportPackets:
      return ExportPackets;
    case ipc::Query::kExportPacketsToFile:
      return ExportPacketsToFile;
    case ipc::Query::kParseValue:
      return ParseValue;
    case ipc::Query::kFormatValue:
      return FormatValue;
    case ipc::Query::kDescribeLibraries:
      return DescribeLibraries;
    default:
      return nullptr;
  }
}

}  // namespace dissectd
