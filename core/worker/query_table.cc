// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/query_table.h"

#include "core/analysis/export_objects.h"
#include "core/analysis/follow_stream.h"
#include "core/analysis/run_statistics.h"
#include "core/analysis/tls_secrets.h"
#include "core/analysis/watch_statistics.h"
#include "core/query/capture/capture_summary.h"
#include "core/query/capture/export_packets.h"
#include "core/query/capture/merge_files.h"
#include "core/query/capture/record_list.h"
#include "core/query/capture/split_file.h"
#include "core/query/filter/compile_filter.h"
#include "core/query/filter/complete_filter.h"
#include "core/query/filter/filter_lists.h"
#include "core/query/preference/decode_as_tables.h"
#include "core/query/preference/options.h"
#include "core/query/preference/preferences.h"
#include "core/query/preference/profiles.h"
#include "core/query/registry/column_formats.h"
#include "core/query/registry/dissector_tables.h"
#include "core/query/registry/field_types.h"
#include "core/query/registry/fields.h"
#include "core/query/registry/file_types.h"
#include "core/query/registry/libraries.h"
#include "core/query/registry/plugins.h"
#include "core/query/registry/protocols.h"
#include "core/query/registry/timestamp_types.h"
#include "core/query/registry/values.h"
#include "core/session/dissect_session.h"
#include "core/session/filter_frames.h"
#include "core/session/find_frame.h"
#include "core/session/get_frame.h"
#include "core/session/list_frames.h"
#include "core/session/list_lines.h"
#include "core/session/read_session.h"

namespace dissectd::engine {

QueryFn FindQuery(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListFieldTypes:
      return ListFieldTypes;
    case ipc::Query::kListProtocols:
      return ListProtocols;
    case ipc::Query::kGetProtocol:
      return GetProtocol;
    case ipc::Query::kListHeuristicDissectors:
      return ListHeuristicDissectors;
    case ipc::Query::kListFields:
      return ListFields;
    case ipc::Query::kLookupFields:
      return LookupFields;
    case ipc::Query::kListNamedValues:
      return ListNamedValues;
    case ipc::Query::kReadRegistry:
      return ReadRegistry;
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
    case ipc::Query::kListDecodeAsTables:
      return ListDecodeAsTables;
    case ipc::Query::kListProfiles:
      return ListProfiles;
    case ipc::Query::kGetCurrentProfile:
      return GetCurrentProfile;
    case ipc::Query::kDescribeCapture:
      return DescribeCapture;
    case ipc::Query::kReadRecords:
      return ReadRecords;
    case ipc::Query::kExportPackets:
      return ExportPackets;
    case ipc::Query::kExportPacketsToFile:
      return ExportPacketsToFile;
    case ipc::Query::kMergeFiles:
      return MergeFiles;
    case ipc::Query::kSplitFile:
      return SplitFile;
    case ipc::Query::kParseValue:
      return ParseValue;
    case ipc::Query::kFormatValue:
      return FormatValue;
    case ipc::Query::kDescribeLibraries:
      return DescribeLibraries;
    case ipc::Query::kReadSession:
      return ReadSession;
    case ipc::Query::kKeptRecords:
      return KeptRecords;
    case ipc::Query::kSkipFrames:
      return SkipFrames;
    case ipc::Query::kGetFrame:
      return GetFrame;
    case ipc::Query::kListLines:
      return ListLines;
    case ipc::Query::kListFrames:
      return ListFrames;
    case ipc::Query::kFindFrame:
      return FindFrame;
    case ipc::Query::kDissectSession:
      return DissectSession;
    case ipc::Query::kFilterFrames:
      return FilterFrames;
    case ipc::Query::kSortFrames:
      return SortFrames;
    case ipc::Query::kListReports:
      return ListReports;
    case ipc::Query::kRunStatistics:
      return RunStatistics;
    case ipc::Query::kFollowStream:
      return FollowStream;
    case ipc::Query::kSelectStream:
      return SelectStream;
    case ipc::Query::kFollowSelectedStream:
      return FollowSelectedStream;
    case ipc::Query::kListExportObjects:
      return ListExportObjects;
    case ipc::Query::kReadExportObjects:
      return ReadExportObjects;
    case ipc::Query::kExportTlsSecrets:
      return ExportTlsSecrets;
    case ipc::Query::kFinishStatistics:
      return FinishStatistics;
    default:
      return nullptr;
  }
}

bool NeedsTrust(ipc::Query query) {
  switch (query) {
    case ipc::Query::kListPlugins:
    case ipc::Query::kListSavedFilters:
    case ipc::Query::kListProfiles:
    case ipc::Query::kGetCurrentProfile:
      return true;
    default:
      return false;
  }
}

}  // namespace dissectd::engine
