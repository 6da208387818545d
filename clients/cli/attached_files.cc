// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/attached_files.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/folder_files.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/preference.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kReferencePrefix = "attachment:";

// The tables whose rows can name a file or a folder, with the position of the
// column. The API doesn't say which column does.
struct FileTable {
  absl::string_view name;
  size_t column;
  // The files of the folder that libwireshark reads; none if it is a file.
  std::optional<FolderSelection> folder;
};

const std::vector<FileTable>& FileTables() {
  static const auto& tables = *new std::vector<FileTable>{
      {"uat:dtlsdecrypttablefile", 3, std::nullopt},
      {"uat:maxmind_db_paths", 0, FolderSelection{{".mmdb"}, false}},
      {"uat:protobuf_search_paths", 0, FolderSelection{{".proto"}, true}},
      {"uat:rsa_keys", 0, std::nullopt},
      {"uat:smi_paths", 0,
       FolderSelection{
           {"", ".mib", ".my", ".sming", ".smiv1", ".smiv2", ".txt"}, false}},
      {"uat:ssl_keys", 3, std::nullopt},
      {"uat:tibia_rsa_keys", 2, std::nullopt},
  };
  return tables;
}

// Lists of keys, `ADDRESS,PORT,PROTOCOL,FILE[,PASSWORD];...`, are an older form
// of rows of these tables.
struct KeyList {
  absl::string_view name;
  absl::string_view table;
};
constexpr KeyList kKeyLists[] = {
    {"dtls.keys_list", "uat:dtlsdecrypttablefile"},
    {"ssl.keys_list", "uat:ssl_keys"},
    {"tls.keys_list", "uat:ssl_keys"},
};
constexpr size_t kFileInKeyList = 3;
constexpr size_t kValuesInKeyList = 5;

const FileTable* TableOf(absl::string_view preference) {
  for (const FileTable& table : FileTables()) {
    if (table.name == preference) return &table;
  }
  return nullptr;
}

const std::string& ValueOf(const v1::PreferenceSetting& setting) {
  return setting.raw_value().empty() ? setting.value() : setting.raw_value();
}

const KeyList* KeyListOf(absl::string_view preference) {
  for (const KeyList& list : kKeyLists) {
    if (list.name == preference) return &list;
  }
  return nullptr;
}

// Returns the rows that a list of keys stands for.
std::vector<std::string> RowsOf(absl::string_view list) {
  std::vector<std::string> rows;
  for (const absl::string_view entry : absl::StrSplit(list, ';')) {
    std::vector<std::string> values =
        absl::StrSplit(entry, absl::MaxSplits(',', kValuesInKeyList - 1));
    // libwireshark ignores such an entry.
    if (values.size() <= kFileInKeyList) continue;
    values.resize(kValuesInKeyList);
    rows.push_back(absl::StrCat("\"", absl::StrJoin(values, "\",\""), "\""));
  }
  return rows;
}

// Replaces lists of keys, which the daemon doesn't take, by rows.
void ReplaceKeyLists(v1::DissectionOptions* options) {
  google::protobuf::RepeatedPtrField<v1::PreferenceSetting> settings;
  settings.Swap(options->mutable_preferences());
  for (v1::PreferenceSetting& setting : settings) {
    const KeyList* list = KeyListOf(setting.name());
    if (list == nullptr) {
      *options->add_preferences() = std::move(setting);
      continue;
    }
    for (const std::string& row : RowsOf(ValueOf(setting))) {
      v1::PreferenceSetting* added = options->add_preferences();
      added->set_name(std::string(list->table));
      AssignText(row, added->mutable_value(), added->mutable_raw_value());
    }
  }
}

bool IsKeyLog(absl::string_view preference) {
  return absl::EndsWith(preference, ".keylog_file");
}

// Returns whether a value can't be meant as the name of a file, so that the
// daemon need not be asked.
bool IsPlainValue(absl::string_view value) {
  return value.empty() || absl::EqualsIgnoreCase(value, "true") ||
         absl::EqualsIgnoreCase(value, "false") ||
         std::all_of(value.begin(), value.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  c == ',' || c == '-';
         });
}

// Returns whether a preference is the name of a file to be read. Errors of the
// daemon are left to the call that comes next.
bool NamesFile(const std::shared_ptr<grpc::Channel>& channel,
               const std::string& name) {
  grpc::ClientContext context;
  v1::GetPreferenceRequest request;
  v1::GetPreferenceResponse response;
  // The daemon finds preferences by their current names only.
  request.set_name(absl::StartsWith(name, "ssl.")
                       ? absl::StrCat("tls.", name.substr(4))
                       : name);
  return v1::PreferenceService::NewStub(channel)
             ->GetPreference(&context, request, &response)
             .ok() &&
         response.preference().type() == v1::PREFERENCE_TYPE_OPEN_FILENAME;
}

// Returns whether an attachment can have a character in its name. A colon
// separates folders.
bool CanBeInName(char c) {
  return !absl::ascii_iscntrl(static_cast<unsigned char>(c)) &&
         !absl::StrContains("\\\"',;:", c);
}

// Returns the name of the attachment for a file or a folder: its own without
// folders, as far as attachments can have it, and something that makes it
// different from others.
std::string NameFor(absl::string_view path, size_t number) {
  // In UTF-8, a byte becomes up to three; a name has at most 255.
  constexpr size_t kMaxBytes = 80;
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  path.remove_prefix(path.rfind('/') + 1);
  if (path.empty() || path == "." || path == "..") path = "folder";
  std::string name = ReplaceInvalidUtf8(path.substr(0, kMaxBytes));
  for (char& c : name) {
    if (!CanBeInName(c)) c = '_';
  }
  return number == 0 ? name : absl::StrCat(number, "-", name);
}

}  // namespace

absl::Status AttachedFiles::AttachTo(
    const std::shared_ptr<grpc::Channel>& channel, MissingKeys missing,
    v1::DissectionOptions* options) {
  ReplaceKeyLists(options);
  sent_bytes_ = options->ByteSizeLong();
  auto* settings = options->mutable_preferences();
  for (int i = 0; i < settings->size();) {
    v1::PreferenceSetting* setting = settings->Mutable(i);
    const std::string& name = setting->name();
    const std::string path = ValueOf(*setting);
    ++i;
    if (TableOf(name) == nullptr) {
      if (IsPlainValue(path) || !NamesFile(channel, name)) continue;
      if (IsKeyLog(name) && missing == MissingKeys::kIgnoreAsTshark &&
          access(path.c_str(), R_OK) != 0) {
        settings->DeleteSubrange(--i, 1);
        continue;
      }
    }
    RETURN_IF_ERROR(AttachIn(setting, options));
  }
  return absl::OkStatus();
}

absl::Status AttachedFiles::AttachIn(v1::PreferenceSetting* setting,
                                     v1::DissectionOptions* options) {
  const FileTable* table = TableOf(setting->name());
  const std::string value = ValueOf(*setting);
  std::string attached;
  if (table == nullptr) {
    ASSIGN_OR_RETURN(attached, Attach(value, options));
  } else {
    ASSIGN_OR_RETURN(
        attached,
        AttachInRow(value, table->column, [&](const std::string& path) {
          return table->folder.has_value()
                     ? AttachFolder(path, *table->folder, options)
                     : Attach(path, options);
        }));
  }
  setting->clear_value();
  setting->clear_raw_value();
  AssignText(attached, setting->mutable_value(), setting->mutable_raw_value());
  return absl::OkStatus();
}

absl::StatusOr<std::string> AttachedFiles::AttachInRow(
    absl::string_view row, size_t column,
    absl::FunctionRef<absl::StatusOr<std::string>(const std::string&)> attach) {
  // The values are between quotes: they are every second part. If a value has a
  // quote or isn't in quotes, the daemon says what is wrong.
  std::vector<std::string> parts = absl::StrSplit(row, '"');
  const size_t part = 2 * column + 1;
  if (part >= parts.size() || parts[part].empty()) return std::string(row);
  ASSIGN_OR_RETURN(parts[part], attach(parts[part]));
  return absl::StrJoin(parts, "\"");
}

std::string AttachedFiles::UnusedName(absl::string_view path) {
  size_t number = 0;
  while (!names_.insert(NameFor(path, number)).second) ++number;
  return NameFor(path, number);
}

absl::StatusOr<std::string> AttachedFiles::Attach(
    const std::string& path, v1::DissectionOptions* options) {
  if (const auto known = references_.find(path); known != references_.end()) {
    return known->second;
  }
  const std::string name = UnusedName(path);
  RETURN_IF_ERROR(Send(path, name, options));
  std::string reference = absl::StrCat(kReferencePrefix, name);
  references_.emplace(path, reference);
  return reference;
}

absl::StatusOr<std::string> AttachedFiles::AttachFolder(
    const std::string& path, const FolderSelection& selection,
    v1::DissectionOptions* options) {
  if (const auto known = references_.find(path); known != references_.end()) {
    return known->second;
  }
  ASSIGN_OR_RETURN(const std::vector<FolderFile> files,
                   FilesIn(path, selection));
  // An empty value is none.
  if (files.empty()) return std::string();
  const std::string name = UnusedName(path);
  for (const FolderFile& file : files) {
    if (!std::all_of(file.name.begin(), file.name.end(), CanBeInName) ||
        ReplaceInvalidUtf8(file.name) != file.name) {
      return absl::InvalidArgumentError(absl::StrCat(
          "Can't send \"", file.path,
          "\": its name has a quote, colon, comma, semicolon, backslash or "
          "control character, or isn't UTF-8"));
    }
    RETURN_IF_ERROR(
        Send(file.path, absl::StrCat(name, "/", file.name), options));
  }
  std::string reference = absl::StrCat(kReferencePrefix, name);
  references_.emplace(path, reference);
  return reference;
}

absl::Status AttachedFiles::Send(const std::string& path,
                                 const std::string& name,
                                 v1::DissectionOptions* options) {
  // The size of all is counted here, as it takes long to compute.
  const size_t used = std::min(sent_bytes_, kMaxSentBytes);
  ASSIGN_OR_RETURN(std::string content,
                   ReadSmallFile(path, "data", kMaxSentBytes - used));
  v1::Attachment* attachment = options->add_attachments();
  attachment->set_name(name);
  attachment->set_content(std::move(content));
  sent_bytes_ += attachment->ByteSizeLong();
  return absl::OkStatus();
}

std::string AttachedFiles::WithPaths(absl::string_view text) const {
  std::vector<std::pair<absl::string_view, absl::string_view>> replacements;
  replacements.reserve(references_.size());
  for (const auto& [path, reference] : references_) {
    replacements.emplace_back(reference, path);
  }
  return absl::StrReplaceAll(text, replacements);
}

ExitCode AttachFiles(const std::shared_ptr<grpc::Channel>& channel,
                     MissingKeys missing, v1::DissectionOptions* options,
                     AttachedFiles* attached) {
  const absl::Status status = attached->AttachTo(channel, missing, options);
  if (status.ok()) return kExitOk;
  PrintError(status.message());
  return kExitBadOption;
}

}  // namespace dissectd::cli
