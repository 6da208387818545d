// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/simple_table_report.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

class SimpleTableReport final : public Report {
 public:
  // `registered` is copied: libwireshark keeps the tables in it, and each
  // report has its own.
  SimpleTableReport(const stat_tap_table_ui& registered, std::string argument)
      : ui_(registered), argument_(std::move(argument)) {
    ui_.tables = nullptr;
    data_.stat_tap_data = &ui_;
  }
  ~SimpleTableReport() override;
  SimpleTableReport(const SimpleTableReport&) = delete;
  SimpleTableReport& operator=(const SimpleTableReport&) = delete;

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Span<const stat_tap_table_item> Columns() const {
    return {ui_.fields, ui_.nfields};
  }
  absl::Span<stat_tap_table* const> Tables() const;
  // Returns the items of a row up to the first one that has no value.
  absl::Span<const stat_tap_table_item_type> Row(const stat_tap_table& table,
                                                 guint index) const;
  std::string Text() const;
  ReportTables MakeTables() const;

  stat_tap_table_ui ui_;
  const std::string argument_;
  std::string filter_;
  ReportSink* sink_ = nullptr;
  stat_data_t data_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

SimpleTableReport::~SimpleTableReport() {
  tap_.reset();
  if (ui_.tables == nullptr) return;
  free_stat_tables(&ui_);
  g_array_free(ui_.tables, TRUE);
}

absl::Status SimpleTableReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  const char* filter = nullptr;
  char* problem = nullptr;
  stat_tap_get_filter(&ui_, argument_.c_str(), &filter, &problem);
  const GCharPtr owned_problem(problem);
  if (problem != nullptr) return ReportArgumentError(problem);
  filter_ = filter == nullptr ? "" : filter;
  ui_.stat_tap_init_cb(&ui_);
  LibraryTap::Options options;
  options.tap = ui_.tap_name;
  options.filter = filter_;
  options.on_packet = ui_.packet_func;
  ASSIGN_OR_RETURN(tap_, RegisterReportTap("tap", options, &data_));
  return absl::OkStatus();
}

absl::Status SimpleTableReport::Finish() {
  return SendTables(MakeTables(), Text(), sink_);
}

absl::Span<stat_tap_table* const> SimpleTableReport::Tables() const {
  if (ui_.tables == nullptr) return {};
  return {reinterpret_cast<stat_tap_table**>(ui_.tables->data),
          ui_.tables->len};
}

absl::Span<const stat_tap_table_item_type> SimpleTableReport::Row(
    const stat_tap_table& table, guint index) const {
  const stat_tap_table_item_type* const items = table.elements[index];
  if (items == nullptr) return {};
  size_t size = 0;
  while (size < table.num_fields && size < ui_.nfields &&
         items[size].type != TABLE_ITEM_NONE) {
    ++size;
  }
  return {items, size};
}

// Returns the item as its column's format for printf writes it. tshark goes by
// the type that the column declares, which is wrong for the shares of
// RSerPool's tables: there it prints whatever number was printed before.
std::string ItemText(const stat_tap_table_item& column,
                     const stat_tap_table_item_type& item) {
  const absl::UntypedFormatSpec format(column.field_format);
  std::string text;
  switch (item.type) {
    case TABLE_ITEM_UINT:
      absl::FormatUntyped(&text, format,
                          {absl::FormatArg(item.value.uint_value)});
      break;
    case TABLE_ITEM_INT:
      absl::FormatUntyped(&text, format,
                          {absl::FormatArg(item.value.int_value)});
      break;
    case TABLE_ITEM_STRING:
      absl::FormatUntyped(&text, format,
                          {absl::FormatArg(item.value.string_value)});
      break;
    case TABLE_ITEM_FLOAT:
      absl::FormatUntyped(&text, format,
                          {absl::FormatArg(item.value.float_value)});
      break;
    case TABLE_ITEM_ENUM:
      absl::FormatUntyped(&text, format,
                          {absl::FormatArg(item.value.enum_value)});
      break;
    case TABLE_ITEM_NONE:
      break;
  }
  return text;
}

ReportCell CellOf(const stat_tap_table_item_type& item) {
  switch (item.type) {
    case TABLE_ITEM_UINT:
      return uint64_t{item.value.uint_value};
    case TABLE_ITEM_INT:
      return int64_t{item.value.int_value};
    case TABLE_ITEM_STRING:
      if (item.value.string_value == nullptr) return std::string();
      return item.value.string_value;
    case TABLE_ITEM_FLOAT:
      return item.value.float_value;
    case TABLE_ITEM_ENUM:
      return int64_t{item.value.enum_value};
    case TABLE_ITEM_NONE:
      break;
  }
  return {};
}

std::string SimpleTableReport::Text() const {
  const std::string line(101, '=');
  std::string text = absl::StrCat("\n", line, "\n", ui_.title, ":\n",
                                  "Filter for statistics: ", filter_, "\n");
  for (const stat_tap_table_item& column : Columns()) {
    absl::StrAppend(&text, column.column_name, " |");
  }
  text += "\n";
  for (const stat_tap_table* table : Tables()) {
    absl::StrAppend(&text, table->title, "\n");
    for (guint i = 0; i < table->num_elements; ++i) {
      const auto row = Row(*table, i);
      for (size_t field = 0; field < row.size(); ++field) {
        absl::StrAppend(&text, ItemText(Columns()[field], row[field]), " |");
      }
      text += "\n";
    }
  }
  return absl::StrCat(text, line, "\n");
}

ReportTables SimpleTableReport::MakeTables() const {
  ReportTables tables{ui_.title, filter_, {}};
  for (const stat_tap_table* table : Tables()) {
    ReportTable out{table->title, {}, {}};
    for (const stat_tap_table_item& column : Columns()) {
      out.columns.emplace_back(column.column_name);
    }
    for (guint i = 0; i < table->num_elements; ++i) {
      const auto items = Row(*table, i);
      if (items.empty()) continue;
      std::vector<ReportCell>& row = out.rows.emplace_back();
      for (const auto& item : items) row.push_back(CellOf(item));
    }
    tables.tables.push_back(std::move(out));
  }
  return tables;
}

// Whether tshark makes a report of this name itself, of other values.
bool HasOwnReport(absl::string_view name) {
  return name == "sip,stat" || name == "wsp,stat" || name == "rpc,programs";
}

WsBool AddType(const void*, void* value, void* user_data) {
  const auto* const ui = static_cast<stat_tap_table_ui*>(value);
  auto* const types = static_cast<std::vector<ReportType>*>(user_data);
  if (HasOwnReport(ui->cli_string)) return FALSE;
  types->push_back({ui->cli_string, "[,filter]", schema::TableKind::kTables,
                    [ui](const std::string& argument)
                        -> absl::StatusOr<std::unique_ptr<Report>> {
                      return std::make_unique<SimpleTableReport>(*ui, argument);
                    }});
  return FALSE;
}

}  // namespace

std::vector<ReportType> SimpleTableReports() {
  std::vector<ReportType> types;
  stat_tap_iterate_tables(AddType, &types);
  return types;
}

}  // namespace dissectd::engine
