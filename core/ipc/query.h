// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_QUERY_H_
#define CORE_IPC_QUERY_H_

#include <cstdint>

namespace dissectd::ipc {

// The queries that workers answer. Each is a method of a service of
// dissectd.v1, whose request and responses are forwarded unchanged.
enum class Query : uint32_t {
  // Methods of RegistryService.
  kListProtocols = 1,
  kListFields = 2,
  kLookupFields = 3,
  kListNamedValues = 4,
  kReadRegistry = 5,
  kListFieldTypes = 6,
  kListColumnFormats = 7,
  kListEncapsulations = 8,
  kListFileTypes = 9,
  kListDissectorTables = 10,
  kListTimestampTypes = 11,
  kParseValue = 12,
  kFormatValue = 13,
  kListPlugins = 14,
  kListHeuristicDissectors = 15,
  kListDissectorTableEntries = 16,
  kValidateColumn = 17,
  kGetProtocol = 18,
  // Methods of FilterService.
  kCompileFilter = 20,
  kCompleteFilter = 21,
  kListFilterMacros = 22,
  kListSavedFilters = 23,
  // Methods of PreferenceService.
  kListPreferenceModules = 30,
  kListPreferences = 31,
  kValidateOptions = 32,
  kExportPreferences = 33,
  kListDecodeAsTables = 34,
  kGetPreference = 35,
  kListProfiles = 36,
  kGetCurrentProfile = 37,
  // Methods of FileService that read a capture.
  kDescribeCapture = 40,
  kReadRecords = 41,
  // Methods of ExportService that read a capture. The second one sends its
  // request without the name, and its response without the file.
  kExportPackets = 50,
  kExportPacketsToFile = 51,
  // Methods of ServerService.
  kDescribeLibraries = 60,
};

// The payload of kQuery begins with this; the serialised request follows.
struct QueryHeader {
  Query query;
  uint32_t reserved;
  // The maximum size of the file to write, if there is one.
  uint64_t max_output_bytes;
};

}  // namespace dissectd::ipc

#endif  // CORE_IPC_QUERY_H_
