// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/daemon_candidates.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/completion/daemon_call.h"
#include "clients/cli/interface_list.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "dissectd/v1/preference.grpc.pb.h"
#include "dissectd/v1/registry.grpc.pb.h"
#include "dissectd/v1/session.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

// More names than this help nobody to choose.
constexpr int kMaxNames = 1000;
constexpr int kMaxFields = 200;

// Adds a resource. Users may leave out the collection at the beginning of its
// name.
void AddResource(absl::string_view collection, absl::string_view typed,
                 absl::string_view name, std::string description,
                 Candidates* candidates) {
  const bool begins_with_collection =
      !typed.empty() &&
      absl::StartsWith(collection, typed.substr(0, collection.size()));
  if (!begins_with_collection) absl::ConsumePrefix(&name, collection);
  candidates->Add(std::string(name), std::move(description));
}

Candidates StoredFiles(const ChannelPtr& channel, const std::string& typed) {
  constexpr absl::string_view kCollection = "files/";
  v1::ListFilesRequest request;
  request.set_page_size(kMaxNames);
  absl::string_view prefix = typed;
  if (!absl::ConsumePrefix(&prefix, kCollection) &&
      absl::StartsWith(kCollection, prefix)) {
    prefix = "";
  }
  request.set_prefix(std::string(prefix));
  Candidates found;
  const v1::ListFilesResponse page = CallDaemon<v1::FileService>(
      channel, &v1::FileService::Stub::ListFiles, request);
  for (const v1::File& file : page.files()) {
    AddResource(kCollection, typed, file.name(),
                absl::StrCat(file.size_bytes(), " bytes"), &found);
  }
  return found;
}

// Returns the end of an enumerator's name, in lower case.
std::string StateText(absl::string_view name, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

Candidates Captures(const ChannelPtr& channel, const std::string& typed) {
  v1::ListCapturesRequest request;
  request.set_page_size(kMaxNames);
  Candidates found;
  const v1::ListCapturesResponse page = CallDaemon<v1::CaptureService>(
      channel, &v1::CaptureService::Stub::ListCaptures, request);
  for (const v1::Capture& capture : page.captures()) {
    AddResource(
        "captures/", typed, capture.name(),
        StateText(v1::CaptureState_Name(capture.state()), "CAPTURE_STATE_"),
        &found);
  }
  return found;
}

Candidates Sessions(const ChannelPtr& channel, const std::string& typed) {
  v1::ListSessionsRequest request;
  request.set_page_size(kMaxNames);
  Candidates found;
  const v1::ListSessionsResponse page = CallDaemon<v1::SessionService>(
      channel, &v1::SessionService::Stub::ListSessions, request);
  for (const v1::Session& session : page.sessions()) {
    AddResource("sessions/", typed, session.name(), session.file(), &found);
  }
  return found;
}

Candidates Interfaces(const ChannelPtr& channel) {
  Candidates found;
  const v1::ListInterfacesResponse list = CallDaemon<v1::CaptureService>(
      channel, &v1::CaptureService::Stub::ListInterfaces,
      v1::ListInterfacesRequest());
  for (const v1::Interface& interface : list.interfaces()) {
    found.Add(interface.name(), DescriptionOf(interface));
  }
  return found;
}

// Continues a filter with those items of the daemon's that are wanted.
template <typename IsWanted>
Candidates ContinueFilter(const ChannelPtr& channel, const std::string& typed,
                          IsWanted is_wanted) {
  v1::CompleteFilterRequest request;
  request.set_filter(typed);
  request.set_cursor(static_cast<uint32_t>(typed.size()));
  request.set_limit(kMaxFields);
  const v1::CompleteFilterResponse response = CallDaemon<v1::FilterService>(
      channel, &v1::FilterService::Stub::CompleteFilter, request);
  const std::string kept = typed.substr(0, response.replace().start());
  Candidates found;
  for (const v1::CompletionItem& item : response.items()) {
    if (is_wanted(item)) {
      found.Add(absl::StrCat(kept, item.insert_text()), item.description());
    }
  }
  return found;
}

Candidates DisplayFilter(const ChannelPtr& channel, const std::string& typed) {
  Candidates found = ContinueFilter(
      channel, typed, [](const v1::CompletionItem&) { return true; });
  found.kind = Candidates::Kind::kParts;
  return found;
}

bool IsProtocol(const v1::CompletionItem& item) {
  return item.kind() == v1::COMPLETION_KIND_PROTOCOL;
}

Candidates Fields(const ChannelPtr& channel, const std::string& typed) {
  return ContinueFilter(channel, typed, [](const v1::CompletionItem& item) {
    return IsProtocol(item) || item.kind() == v1::COMPLETION_KIND_FIELD;
  });
}

Candidates Protocols(const ChannelPtr& channel, const std::string& typed) {
  const size_t kept = typed.find_last_of(", ") + 1;
  Candidates found = ContinueFilter(channel, typed.substr(kept), IsProtocol);
  for (Candidate& candidate : found.list) {
    candidate.text.insert(0, typed, 0, kept);
  }
  return found;
}

Candidates Heuristics(const ChannelPtr& channel) {
  v1::ListHeuristicDissectorsRequest request;
  request.set_page_size(kMaxNames);
  Candidates found;
  const v1::ListHeuristicDissectorsResponse page =
      CallDaemon<v1::RegistryService>(
          channel, &v1::RegistryService::Stub::ListHeuristicDissectors,
          request);
  for (const v1::HeuristicDissector& dissector : page.heuristic_dissectors()) {
    found.Add(dissector.short_name(), dissector.display_name());
  }
  return found;
}

Candidates Profiles(const ChannelPtr& channel) {
  Candidates found;
  const v1::ListProfilesResponse list = CallDaemon<v1::PreferenceService>(
      channel, &v1::PreferenceService::Stub::ListProfiles,
      v1::ListProfilesRequest());
  for (const v1::Profile& profile : list.profiles()) found.Add(profile.name());
  return found;
}

Candidates Modules(const ChannelPtr& channel) {
  Candidates found;
  found.kind = Candidates::Kind::kParts;
  const v1::ListPreferenceModulesResponse list =
      CallDaemon<v1::PreferenceService>(
          channel, &v1::PreferenceService::Stub::ListPreferenceModules,
          v1::ListPreferenceModulesRequest());
  for (const v1::PreferenceModule& module : list.modules()) {
    found.Add(absl::StrCat(module.name(), "."), module.title());
  }
  return found;
}

// Continues `MODULE.NAME:VALUE`.
Candidates Preferences(const ChannelPtr& channel, const std::string& typed) {
  const size_t dot = typed.find('.');
  if (dot == std::string::npos) return Modules(channel);
  v1::ListPreferencesRequest request;
  request.set_page_size(kMaxNames);
  request.set_module(typed.substr(0, dot));
  Candidates found;
  found.kind = Candidates::Kind::kParts;
  const v1::ListPreferencesResponse page = CallDaemon<v1::PreferenceService>(
      channel, &v1::PreferenceService::Stub::ListPreferences, request);
  for (const v1::Preference& preference : page.preferences()) {
    found.Add(absl::StrCat(preference.name(), ":"), preference.title());
  }
  return found;
}

v1::ListReportsResponse ReportLists(const ChannelPtr& channel) {
  return CallDaemon<v1::AnalysisService>(
      channel, &v1::AnalysisService::Stub::ListReports,
      v1::ListReportsRequest());
}

Candidates Reports(const ChannelPtr& channel) {
  Candidates found;
  found.kind = Candidates::Kind::kParts;
  const v1::ListReportsResponse lists = ReportLists(channel);
  for (const v1::ReportType& report : lists.reports()) {
    found.Add(report.name(), report.usage());
  }
  return found;
}

Candidates FileTypes(const ChannelPtr& channel) {
  Candidates found;
  const v1::ListFileTypesResponse list = CallDaemon<v1::RegistryService>(
      channel, &v1::RegistryService::Stub::ListFileTypes,
      v1::ListFileTypesRequest());
  for (const v1::FileType& type : list.file_types()) {
    if (type.can_write()) found.Add(type.name(), type.description());
  }
  return found;
}

template <typename Names>
Candidates NamesOnly(const Names& names) {
  Candidates found;
  for (const std::string& name : names) found.Add(name);
  return found;
}

}  // namespace

Candidates DaemonCandidates(const std::shared_ptr<grpc::Channel>& channel,
                            ValueSource source, const std::string& typed) {
  switch (source) {
    case ValueSource::kStoredFiles:
      return StoredFiles(channel, typed);
    case ValueSource::kCaptures:
      return Captures(channel, typed);
    case ValueSource::kSessions:
      return Sessions(channel, typed);
    case ValueSource::kInterfaces:
      return Interfaces(channel);
    case ValueSource::kDisplayFilter:
      return DisplayFilter(channel, typed);
    case ValueSource::kField:
      return Fields(channel, typed);
    case ValueSource::kProtocols:
      return Protocols(channel, typed);
    case ValueSource::kHeuristics:
      return Heuristics(channel);
    case ValueSource::kProfiles:
      return Profiles(channel);
    case ValueSource::kPreferences:
      return Preferences(channel, typed);
    case ValueSource::kReports:
      return Reports(channel);
    case ValueSource::kFileTypes:
      return FileTypes(channel);
    case ValueSource::kFollowers:
      return NamesOnly(ReportLists(channel).followers());
    case ValueSource::kObjectTypes:
      return NamesOnly(ReportLists(channel).object_types());
    case ValueSource::kNone:
    case ValueSource::kHelp:
    case ValueSource::kLocalFiles:
    case ValueSource::kContexts:
    case ValueSource::kNodes:
    case ValueSource::kNodeCaptures:
    case ValueSource::kNodeInterfaces:
      break;
  }
  return {};
}

}  // namespace dissectd::cli
