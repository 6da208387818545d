// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/attached_files.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/preference.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kReferencePrefix = "attachment:";

// The tables whose rows can name a file, with the position of the column. The
// API doesn't say which column names a file.
struct FileTable {
  absl::string_view name;
  size_t column;
};
constexpr FileTable kFileTables[] = {
    {"uat:dtlsdecrypttablefile", 3},
    {"uat:rsa_keys", 0},
    {"uat:ssl_keys", 3},
    {"uat:tibia_rsa_keys", 2},
};

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
  for (const FileTable& table : kFileTables) {
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

// Returns the name of the attachment for a file: its own without folders, as
// far as attachments can have it, and something that makes it different from
// others.
std::string NameFor(absl::string_view path, size_t number) {
  // In UTF-8, a byte becomes up to three; a name has at most 255.
  constexpr size_t kMaxBytes = 80;
  path.remove_prefix(path.rfind('/') + 1);
  std::string name = ReplaceInvalidUtf8(path.substr(0, kMaxBytes));
  for (char& c : name) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c)) ||
        absl::StrContains("\\\"',;", c)) {
      c = '_';
    }
  }
  return number == 0 ? name : absl::StrCat(number, "-", name);
}

}  // namespace

absl::Status AttachedFiles::AttachTo(
    const std::shared_ptr<grpc::Channel>& channel, MissingKeys missing,
    v1::DissectionOptions* options) {
  ReplaceKeyLists(options);
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
  if (table != nullptr) {
    ASSIGN_OR_RETURN(attached, AttachInRow(value, table->column, options));
  } else {
    ASSIGN_OR_RETURN(attached, Attach(value, options));
  }
  setting->clear_value();
  setting->clear_raw_value();
  AssignText(attached, setting->mutable_value(), setting->mutable_raw_value());
  return absl::OkStatus();
}

absl::StatusOr<std::string> AttachedFiles::AttachInRow(
    absl::string_view row, size_t column, v1::DissectionOptions* options) {
  // The values are between quotes: they are every second part. If a value has a
  // quote or isn't in quotes, the daemon says what is wrong.
  std::vector<std::string> parts = absl::StrSplit(row, '"');
  const size_t part = 2 * column + 1;
  if (part >= parts.size() || parts[part].empty()) return std::string(row);
  ASSIGN_OR_RETURN(parts[part], Attach(parts[part], options));
  return absl::StrJoin(parts, "\"");
}

absl::StatusOr<std::string> AttachedFiles::Attach(
    const std::string& path, v1::DissectionOptions* options) {
  if (const auto known = references_.find(path); known != references_.end()) {
    return known->second;
  }
  const size_t used = std::min(options->ByteSizeLong(), kMaxSentBytes);
  ASSIGN_OR_RETURN(std::string content,
                   ReadSmallFile(path, "data", kMaxSentBytes - used));
  const auto is_taken = [options](const std::string& name) {
    return std::any_of(options->attachments().begin(),
                       options->attachments().end(),
                       [&name](const v1::Attachment& attachment) {
                         return attachment.name() == name;
                       });
  };
  size_t number = 0;
  while (is_taken(NameFor(path, number))) ++number;
  v1::Attachment* attachment = options->add_attachments();
  attachment->set_name(NameFor(path, number));
  attachment->set_content(std::move(content));
  std::string reference = absl::StrCat(kReferencePrefix, attachment->name());
  references_.emplace(path, reference);
  return reference;
}

std::string AttachedFiles::WithPaths(absl::string_view text) const {
  std::vector<std::pair<absl::string_view, absl::string_view>> replacements;
  replacements.reserve(references_.size());
  for (const auto& [path, reference] : references_) {
    replacements.emplace_back(reference, path);
  }
  return absl::StrReplaceAll(text, replacements);
}

}  // namespace dissectd::cli
