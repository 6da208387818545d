// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/filter_macros.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/read_files.h"
#include "core/epan/handles.h"
#include "core/epan/wireshark.h"
// This header needs the ones above it.
#include <epan/uat-int.h>

#if WIRESHARK_VERSION_MINOR != 0
// These functions are exported, but Debian installs no header for them. Their
// iterator is one of GLib's.
// NOLINTBEGIN(readability-identifier-naming): the names are libwireshark's.
extern "C" {
void dfilter_macro_table_iter_init(GHashTableIter* iterator);
bool dfilter_macro_table_iter_next(GHashTableIter* iterator, const char** name,
                                   const char** text);
}
// NOLINTEND(readability-identifier-naming)
#endif

namespace dissectd::engine {
namespace {

constexpr char kFile[] = "dfilters";
constexpr char kOldFile[] = "filters";

// Removes a quoted name from the beginning of a line, and returns the name.
std::optional<std::string> TakeName(absl::string_view* line) {
  if (!absl::ConsumePrefix(line, "\"")) return std::nullopt;
  std::string name;
  for (size_t i = 0; i < line->size(); ++i) {
    if ((*line)[i] == '"') {
      line->remove_prefix(i + 1);
      return name;
    }
    if ((*line)[i] == '\\' && i + 1 < line->size()) ++i;
    name += (*line)[i];
  }
  return std::nullopt;
}

}  // namespace

#if WIRESHARK_VERSION_MINOR == 0

std::vector<NamedFilter> FilterMacros() {
  std::vector<NamedFilter> macros;
  const uat_t* table = uat_get_table_by_name("Display Filter Macros");
  if (table == nullptr) return macros;
  const auto text_of = [](void* record, uat_field_t* field) {
    const GCharPtr text(uat_fld_tostr(record, field));
    return std::string(text == nullptr ? "" : text.get());
  };
  macros.reserve(*table->nrows_p);
  for (guint i = 0; i < *table->nrows_p; ++i) {
    void* record = UAT_USER_INDEX_PTR(table, i);
    macros.push_back({text_of(record, &table->fields[0]),
                      text_of(record, &table->fields[1])});
  }
  return macros;
}

#else

// Wireshark 4.4 has the macros in a hash table.
std::vector<NamedFilter> FilterMacros() {
  std::vector<NamedFilter> macros;
  GHashTableIter table;
  dfilter_macro_table_iter_init(&table);
  const char* name = nullptr;
  const char* text = nullptr;
  while (dfilter_macro_table_iter_next(&table, &name, &text)) {
    macros.push_back({name, text});
  }
  std::sort(macros.begin(), macros.end(),
            [](const NamedFilter& a, const NamedFilter& b) {
              return a.name < b.name;
            });
  return macros;
}

#endif

std::vector<NamedFilter> SavedFilters() {
  const GCharPtr paths[] = {GCharPtr(get_persconffile_path(kFile, TRUE)),
                            GCharPtr(get_persconffile_path(kOldFile, FALSE)),
                            GCharPtr(get_datafile_path(kFile))};
  for (const GCharPtr& path : paths) {
    std::error_code error;
    // As in Wireshark, a file that exists counts even if it can't be read.
    if (std::filesystem::exists(path.get(), error)) {
      return ParseSavedFilters(ContentOf(path.get()));
    }
  }
  return {};
}

std::vector<NamedFilter> ParseSavedFilters(const std::string& file) {
  std::vector<absl::string_view> lines = absl::StrSplit(file, '\n');
  // Drops the text after the last line break.
  lines.pop_back();
  std::vector<NamedFilter> filters;
  for (absl::string_view line : lines) {
    absl::ConsumeSuffix(&line, "\r");
    line = absl::StripLeadingAsciiWhitespace(line);
    std::optional<std::string> name = TakeName(&line);
    line = absl::StripLeadingAsciiWhitespace(line);
    if (name.has_value() && !line.empty()) {
      filters.push_back({*std::move(name), std::string(line)});
    }
  }
  return filters;
}

}  // namespace dissectd::engine
