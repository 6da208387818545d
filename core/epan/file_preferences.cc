// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/file_preferences.h"

#include <cstddef>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/geoip.h"
#include "core/epan/mibs.h"
#include "core/epan/preference_modules.h"
#include "core/epan/protobuf_imports.h"
#include "core/epan/table_rows.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// The preferences that can name an attachment. The others of their types name
// files to write (`kip.key_info_file`, too), programs (`snort.binary`) or files
// that can include others (`mate.config`, `snort.config`), or go by the
// extension of the file (`epl.default_profile`).
constexpr absl::string_view kTakeAttachment[] = {
    "giop.ior_txt",    "isobus.vt.object_ids", "kerberos.file",  "kip.key_file",
    "ssh.keylog_file", "tls.keylog_file",      "wg.keylog_file",
};

// The preferences of type string that name files, in lists of keys.
// libwireshark calls them obsolete, unless the profile has a value for them:
// clients add rows to tables instead.
constexpr absl::string_view kKeyLists[] = {"dtls.keys_list", "tls.keys_list"};

// What the rows of a table name.
enum class Named { kFile, kSchemas, kMibs, kGeoIpDatabases };

// The tables whose rows can name an attachment or a folder, and the only column
// that names it: libwireshark also gives a password the type of a file's name.
struct FileTable {
  absl::string_view name;
  absl::string_view column;
  Named named;
};
constexpr FileTable kTakeAttachments[] = {
    {"dtlsdecrypttablefile", "keyfile", Named::kFile},
    {"maxmind_db_paths", "path", Named::kGeoIpDatabases},
    {"protobuf_search_paths", "path", Named::kSchemas},
    {"rsa_keys", "uri", Named::kFile},
    {"smi_paths", "name", Named::kMibs},
    {"ssl_keys", "keyfile", Named::kFile},
    {"tibia_rsa_keys", "keyfile", Named::kFile},
};

// The table whose rows name modules in the folders of `smi_paths`, or files by
// their paths.
constexpr absl::string_view kMibModules = "smi_modules";

absl::Status NamesFileError(const std::string& name) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The preference \"", name,
                                "\" names a file of the server, which "
                                "clients can't choose."),
                   {"PREFERENCE_NAMES_FILE", {{"preference", name}}, {}});
}

absl::Status RowError(const std::string& name, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The row for \"", name, "\" ", message, "."),
                   {"PREFERENCE_VALUE_INVALID", {{"preference", name}}, {}});
}

struct FilePreference {
  pref_t* preference;
  bool takes_attachment;
};

bool HasTypeOfFile(pref_t* preference) {
  const int type = prefs_get_type(preference);
  return type == PREF_SAVE_FILENAME || type == PREF_OPEN_FILENAME ||
         type == PREF_DIRNAME;
}

const std::vector<FilePreference>& FilePreferences() {
  static const auto& found = *[] {
    auto* preferences = new std::vector<FilePreference>();
    for (const PreferenceModule& module : PreferenceModules()) {
      for (pref_t* preference : module.Preferences()) {
        const std::string name = module.FullName(preference);
        if (HasTypeOfFile(preference) ||
            absl::c_linear_search(kKeyLists, name)) {
          preferences->push_back(
              {preference, absl::c_linear_search(kTakeAttachment, name)});
        }
      }
    }
    return preferences;
  }();
  return found;
}

std::string ValueOf(pref_t* preference) {
  const char* value = prefs_get_string_value(preference, pref_current);
  return value == nullptr ? "" : value;
}

// Returns a value that names a file with the path of the attachment. An empty
// one names none.
absl::StatusOr<std::string> PathIn(const std::string& name,
                                   absl::string_view value,
                                   const Attachments& attachments) {
  if (value.empty()) return std::string();
  if (!Attachments::IsReference(value)) return NamesFileError(name);
  return attachments.PathOf(value);
}

void FindTable(void* table, void* user_data) {
  auto* search = static_cast<std::pair<std::string, const uat_t*>*>(user_data);
  const auto* each = static_cast<const uat_t*>(table);
  if (search->first == each->filename || search->first == each->name) {
    search->second = each;
  }
}

// Returns the table with a name or a title; null if there is none.
const uat_t* TableWith(absl::string_view name) {
  std::pair<std::string, const uat_t*> search{std::string(name), nullptr};
  uat_foreach_table(FindTable, &search);
  return search.second;
}

// Returns the entry of kTakeAttachments for a table; null if its rows can't
// name attachments.
const FileTable* FindFileTable(const uat_t& table) {
  for (const FileTable& known : kTakeAttachments) {
    if (known.name == table.filename) return &known;
  }
  return nullptr;
}

// Returns the value of a row with the path of what it refers to, for which it
// prepares libwireshark. An empty value refers to nothing.
absl::StatusOr<std::string> PathInRow(const std::string& name, Named named,
                                      absl::string_view value,
                                      const Attachments& attachments) {
  if (named == Named::kFile) return PathIn(name, value, attachments);
  if (value.empty()) return std::string();
  if (!Attachments::IsReference(value)) return NamesFileError(name);
  ASSIGN_OR_RETURN(std::string folder, attachments.FolderOf(value));
  if (named == Named::kSchemas) {
    RETURN_IF_ERROR(CheckImportsIn(folder, name));
  } else if (named == Named::kGeoIpDatabases) {
    RETURN_IF_ERROR(PrepareGeoIp(folder, name, attachments));
  } else {
    ExpectMibs();
  }
  return folder;
}

size_t ColumnCount(const uat_t& table) {
  size_t count = 0;
  while (table.fields[count].name != nullptr) ++count;
  return count;
}

// Reads a row of values in quotes, without the quotes. libwireshark's own
// grammar is wider: a row that could be read in two ways is refused.
absl::StatusOr<std::vector<absl::string_view>> ValuesIn(const std::string& name,
                                                        absl::string_view row) {
  std::vector<absl::string_view> values;
  row = absl::StripAsciiWhitespace(row);
  while (true) {
    const size_t end =
        absl::StartsWith(row, "\"") ? row.find('"', 1) : std::string::npos;
    if (end == std::string::npos) {
      return RowError(name, "must be values in quotes, joined by commas");
    }
    values.push_back(row.substr(1, end - 1));
    if (absl::EndsWith(values.back(), "\\")) {
      return RowError(name, "has a backslash before a quote: write \\x22");
    }
    row = absl::StripLeadingAsciiWhitespace(row.substr(end + 1));
    if (row.empty()) return values;
    if (!absl::ConsumePrefix(&row, ",")) {
      return RowError(name, "must be values in quotes, joined by commas");
    }
    row = absl::StripLeadingAsciiWhitespace(row);
  }
}

}  // namespace

FilePreferenceGuard::FilePreferenceGuard() {
  values_.reserve(FilePreferences().size());
  for (const FilePreference& each : FilePreferences()) {
    values_.push_back(ValueOf(each.preference));
  }
}

absl::Status FilePreferenceGuard::Settle(const std::string& name,
                                         const Attachments& attachments) {
  for (size_t i = 0; i < values_.size(); ++i) {
    const FilePreference& each = FilePreferences()[i];
    const std::string value = ValueOf(each.preference);
    if (value == values_[i]) continue;
    const absl::StatusOr<std::string> settled =
        value.empty() || each.takes_attachment
            ? PathIn(name, value, attachments)
            : NamesFileError(name);
    if (!settled.ok()) {
      Restore();
      return settled.status();
    }
    prefs_set_string_value(each.preference, settled->c_str(), pref_current);
  }
  return absl::OkStatus();
}

void FilePreferenceGuard::Restore() {
  for (size_t i = 0; i < values_.size(); ++i) {
    pref_t* preference = FilePreferences()[i].preference;
    if (ValueOf(preference) == values_[i]) continue;
    prefs_set_string_value(preference, values_[i].c_str(), pref_current);
  }
}

absl::StatusOr<std::string> WithPathsInRow(const std::string& name,
                                           std::string text,
                                           const Attachments& attachments) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "uat:")) return text;
  rest = absl::StripLeadingAsciiWhitespace(rest);
  const size_t colon = rest.find(':');
  const uat_t* table = TableWith(rest.substr(0, colon));
  if (table == nullptr) return text;
  const size_t columns = ColumnCount(*table);
  if (colon != absl::string_view::npos &&
      HasShortRow(rest.substr(colon + 1), columns)) {
    return RowError(name, absl::StrCat("lacks values: a row has ", columns,
                                       ", in quotes where they are empty"));
  }
  const bool has_modules = kMibModules == table->filename;
  if (!HasFileColumn(*table) && !has_modules) return text;
  const FileTable* file_table = FindFileTable(*table);
  if (file_table == nullptr && !has_modules) return NamesFileError(name);
  if (colon == absl::string_view::npos) return text;
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> values,
                   ValuesIn(name, rest.substr(colon + 1)));
  if (values.size() != columns) {
    return RowError(name, absl::StrCat("has ", values.size(),
                                       " values, and not ", columns));
  }
  std::vector<std::string> quoted;
  for (size_t i = 0; i < values.size(); ++i) {
    std::string value(values[i]);
    if (has_modules) {
      if (!IsMibModuleName(value)) return NamesFileError(name);
    } else if (file_table->column == table->fields[i].name) {
      ASSIGN_OR_RETURN(value,
                       PathInRow(name, file_table->named, value, attachments));
    }
    quoted.push_back(absl::StrCat("\"", value, "\""));
  }
  return absl::StrCat("uat:", table->filename, ":", absl::StrJoin(quoted, ","));
}

}  // namespace dissectd::engine
