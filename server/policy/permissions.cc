// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/permissions.h"

#include <algorithm>

namespace dissectd::server {
namespace permissions {
namespace {

constexpr absl::string_view kAll[] = {
    kServerInfo,     kPolicyCheck,     kServerDiagnose,  kRegistryRead,
    kFiltersCompile, kPreferencesRead, kFilesRead,       kFilesWrite,
    kFilesReadAny,   kFilesWriteAny,   kInterfacesList,  kCapturesCreate,
    kCapturesRead,   kCapturesWrite,   kCapturesReadAny, kCapturesWriteAny,
    kStatisticsRead, kDissect,         kCredentialsRead, kExport,
};

}  // namespace

absl::Span<const absl::string_view> All() { return kAll; }

}  // namespace permissions

namespace {

constexpr MethodRule kRules[] = {
    {"dissectd.v1.AnalysisService/ListReports", permissions::kRegistryRead,
     false},
    {"dissectd.v1.AnalysisService/RunStatistics", permissions::kDissect, true},
    {"dissectd.v1.AnalysisService/WatchStatistics", permissions::kDissect,
     true},
    {"dissectd.v1.AnalysisService/FollowStream", permissions::kDissect, true},
    {"dissectd.v1.AnalysisService/ListExportObjects", permissions::kDissect,
     true},
    {"dissectd.v1.AnalysisService/ReadExportObjects", permissions::kDissect,
     true},
    {"dissectd.v1.AnalysisService/ExportTlsSecrets", permissions::kDissect,
     true},
    {"dissectd.v1.CaptureService/ListInterfaces", permissions::kInterfacesList,
     false},
    {"dissectd.v1.CaptureService/GetInterfaceCapabilities",
     permissions::kInterfacesList, false},
    {"dissectd.v1.CaptureService/WatchInterfaceStatistics",
     permissions::kInterfacesList, false},
    {"dissectd.v1.CaptureService/CompileCaptureFilter",
     permissions::kFiltersCompile, false},
    {"dissectd.v1.CaptureService/CreateCapture", permissions::kCapturesCreate,
     true},
    {"dissectd.v1.CaptureService/GetCapture", permissions::kCapturesRead,
     false},
    {"dissectd.v1.CaptureService/ListCaptures", permissions::kCapturesRead,
     false},
    {"dissectd.v1.CaptureService/ListCaptureFiles", permissions::kCapturesRead,
     false},
    {"dissectd.v1.CaptureService/WatchCapture", permissions::kCapturesRead,
     false},
    {"dissectd.v1.CaptureService/WatchCaptureStatistics",
     permissions::kStatisticsRead, true},
    {"dissectd.v1.CaptureService/StopCapture", permissions::kCapturesWrite,
     true},
    {"dissectd.v1.CaptureService/FeedCapture", permissions::kCapturesWrite,
     true},
    {"dissectd.v1.CaptureService/DeleteCapture", permissions::kCapturesWrite,
     true},
    {"dissectd.v1.CaptureService/ShareCapture", permissions::kCapturesWrite,
     true},
    {"dissectd.v1.DissectionService/Dissect", permissions::kDissect, true},
    {"dissectd.v1.DissectionService/DissectPipe", permissions::kDissect, true},
    {"dissectd.v1.DissectionService/DissectPackets", permissions::kDissect,
     true},
    {"dissectd.v1.ExportService/ExportPackets", permissions::kExport, true},
    {"dissectd.v1.ExportService/ExportPacketsToFile", permissions::kExport,
     true},
    {"dissectd.v1.ExportService/MergeFiles", permissions::kExport, true},
    {"dissectd.v1.ExportService/SplitFile", permissions::kExport, true},
    {"dissectd.v1.FileService/ListFiles", permissions::kFilesRead, false},
    {"dissectd.v1.FileService/GetFile", permissions::kFilesRead, false},
    {"dissectd.v1.FileService/ReadFile", permissions::kFilesRead, true},
    {"dissectd.v1.FileService/ReadRecords", permissions::kFilesRead, true},
    {"dissectd.v1.FileService/DeleteFile", permissions::kFilesWrite, true},
    {"dissectd.v1.FileService/CreateUpload", permissions::kFilesWrite, true},
    {"dissectd.v1.FileService/WriteUpload", permissions::kFilesWrite, true},
    {"dissectd.v1.FileService/AppendUpload", permissions::kFilesWrite, true},
    {"dissectd.v1.FileService/GetUpload", permissions::kFilesWrite, false},
    {"dissectd.v1.FileService/DeleteUpload", permissions::kFilesWrite, true},
    {"dissectd.v1.FileService/ShareFile", permissions::kFilesWrite, true},
    {"dissectd.v1.FilterService/CompileFilter", permissions::kFiltersCompile,
     false},
    {"dissectd.v1.FilterService/CompleteFilter", permissions::kFiltersCompile,
     false},
    {"dissectd.v1.FilterService/ListFilterMacros", permissions::kFiltersCompile,
     false},
    {"dissectd.v1.FilterService/ListSavedFilters", permissions::kFiltersCompile,
     false},
    {"dissectd.v1.PreferenceService/ListPreferenceModules",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/ListPreferences",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/GetPreference",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/ValidateOptions",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/ExportPreferences",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/ListDecodeAsTables",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/ListProfiles",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.PreferenceService/GetCurrentProfile",
     permissions::kPreferencesRead, false},
    {"dissectd.v1.RegistryService/ListFieldTypes", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListProtocols", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/GetProtocol", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListHeuristicDissectors",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ListFields", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/LookupFields", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListNamedValues", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ReadRegistry", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListColumnFormats",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ValidateColumn", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListEncapsulations",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ListFileTypes", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ListDissectorTables",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ListDissectorTableEntries",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ListTimestampTypes",
     permissions::kRegistryRead, false},
    {"dissectd.v1.RegistryService/ListPlugins", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/ParseValue", permissions::kRegistryRead,
     false},
    {"dissectd.v1.RegistryService/FormatValue", permissions::kRegistryRead,
     false},
    {"dissectd.v1.SessionService/OpenSession", permissions::kDissect, true},
    {"dissectd.v1.SessionService/GetSession", permissions::kDissect, false},
    {"dissectd.v1.SessionService/ListSessions", permissions::kDissect, false},
    {"dissectd.v1.SessionService/CloseSession", permissions::kDissect, true},
    {"dissectd.v1.SessionService/ReloadSession", permissions::kDissect, true},
    {"dissectd.v1.SessionService/EditSession", permissions::kDissect, true},
    {"dissectd.v1.SessionService/GetSessionEdits", permissions::kDissect,
     false},
    {"dissectd.v1.SessionService/WatchSession", permissions::kDissect, false},
    {"dissectd.v1.SessionService/GetFrame", permissions::kDissect, true},
    {"dissectd.v1.SessionService/ListFrames", permissions::kDissect, true},
    {"dissectd.v1.SessionService/FindFrame", permissions::kDissect, true},
    {"dissectd.v1.ServerService/GetServerInfo", permissions::kServerInfo,
     false},
    {"dissectd.v1.ServerService/CheckPolicy", permissions::kServerInfo, false},
    {"dissectd.v1.ServerService/GetDiagnostics", permissions::kServerDiagnose,
     true},
};

}  // namespace

absl::Span<const MethodRule> MethodRules() { return kRules; }

const MethodRule* FindMethodRule(absl::string_view method) {
  const auto* const found = std::find_if(
      std::begin(kRules), std::end(kRules),
      [method](const MethodRule& rule) { return rule.method == method; });
  return found == std::end(kRules) ? nullptr : found;
}

}  // namespace dissectd::server
