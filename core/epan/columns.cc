// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/columns.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"
#include "core/epan/preferences.h"

namespace dissectd::engine {
namespace {

constexpr char kCustomFormat[] = "%Cus";

// Quotes a text for a list of strings in a preferences file.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string PreferenceEntry(const ColumnSpec& column) {
  const int format = get_column_format_from_str(column.format.c_str());
  const std::string title =
      column.title.empty() && column.format != kCustomFormat
          ? col_format_desc(format)
          : column.title;
  std::string value = column.format;
  if (format == COL_CUSTOM) {
    absl::StrAppend(&value, ":", column.custom_fields, ":",
                    column.custom_occurrence, ":", column.resolved ? "R" : "U");
  }
  return absl::StrCat(Quoted(title.empty() ? column.custom_fields : title), ",",
                      Quoted(value));
}

}  // namespace

absl::Status CheckColumn(const ColumnSpec& column) {
  const int format = get_column_format_from_str(column.format.c_str());
  if (format < 0) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("\"", column.format, "\" isn't a column format."),
        {"COLUMN_FORMAT_UNKNOWN", {{"format", column.format}}, {}});
  }
  if (format != COL_CUSTOM) return absl::OkStatus();
  const auto filter = CompileDisplayFilter(column.custom_fields);
  if (filter.ok() && *filter != nullptr) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("\"", column.custom_fields,
                   "\" doesn't name fields for a column: ",
                   filter.ok() ? "it is empty" : filter.status().message()),
      {"COLUMN_FIELDS_INVALID",
       {{"fields", column.custom_fields}},
       SpanOf(filter.status())});
}

absl::Status SetColumnFormat(const std::vector<ColumnSpec>& columns) {
  std::string value;
  for (const ColumnSpec& column : columns) {
    RETURN_IF_ERROR(CheckColumn(column));
    absl::StrAppend(&value, value.empty() ? "" : ",", PreferenceEntry(column));
  }
  return SetPreference({"gui.column.format", value}, Attachments());
}

ColumnSet::ColumnSet() {
  build_column_format_array(&info_, prefs.num_cols, TRUE);
  for (int i = 0; i < info_.num_cols; ++i) {
    if (!get_column_visible(i)) continue;
    const col_item_t& column = info_.columns[i];
    visible_.push_back(i);
    Definition definition;
    definition.title = column.col_title;
    definition.format = col_format_to_string(column.col_fmt);
    if (column.col_fmt == COL_CUSTOM && column.col_custom_fields != nullptr) {
      definition.custom_fields = column.col_custom_fields;
    }
    definitions_.push_back(std::move(definition));
  }
}

ColumnSet::~ColumnSet() { col_cleanup(&info_); }

bool HaveCustomColumns() {
  for (const GList* column = prefs.col_list; column != nullptr;
       column = column->next) {
    if (static_cast<const fmt_data*>(column->data)->fmt == COL_CUSTOM) {
      return true;
    }
  }
  return false;
}

}  // namespace dissectd::engine
