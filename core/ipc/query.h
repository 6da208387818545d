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
  // Questions to a session's worker and its forks, in this order: the first two
  // change the process that answers them, a fork each.
  kOpenSession = 70,
  kReadSession = 71,
  // A SkipFrames instead of a message: dissects the frames of the second pass up
  // to it. Only in a fork, which then answers about later frames.
  kSkipFrames = 72,
  // Methods of SessionService.
  kGetFrame = 73,
  kListFrames = 74,
  kFindFrame = 75,
  // A serialised dissectd.v1.DissectRequest without its source and options. The
  // responses are those of Dissect.
  kDissectSession = 76,
  // A serialised dissectd.v1.ListFramesRequest of which only the filter is used.
  // The response is a bitmap with a bit for each frame, from 1 on, lowest first.
  kFilterFrames = 77,
  // Methods of AnalysisService, to a worker of their own or to a session's fork.
  kListReports = 80,
  kRunStatistics = 81,
  kFollowStream = 82,
  kListExportObjects = 83,
  kReadExportObjects = 84,
  kExportTlsSecrets = 85,
};

// The payload of kQuery begins with this; the serialised request follows.
struct QueryHeader {
  Query query;
  uint32_t reserved;
  // The maximum size of the file to write, if there is one.
  uint64_t max_output_bytes;
};

// The request of kSkipFrames.
struct SkipFrames {
  // The last frame to skip.
  uint32_t last_frame;
};

}  // namespace dissectd::ipc

#endif  // CORE_IPC_QUERY_H_
