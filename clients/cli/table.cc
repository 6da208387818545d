// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/table.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

// Returns the number of characters, each of which takes one column.
size_t WidthOf(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        // Bytes after the first of a character start with the bits 10.
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
      }));
}

void AppendCell(const Table::Column& column, absl::string_view text,
                std::string* line) {
  const size_t width = WidthOf(text);
  const std::string padding(column.width > width ? column.width - width : 0,
                            ' ');
  if (!line->empty()) line->append("  ");
  if (column.align == Table::Align::kRight) {
    absl::StrAppend(line, padding, text);
  } else {
    absl::StrAppend(line, text, padding);
  }
}

}  // namespace

std::string Table::Row(const std::vector<std::string>& cells) {
  std::string head;
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const std::string text = Printable(cells[i], LineBreaks::kEscape);
    Column column = columns_[i];
    const bool is_last = i + 1 == columns_.size();
    // Nothing follows that padding would align.
    const bool is_padded = !is_last || column.align == Align::kRight;
    column.width = is_padded ? std::max(column.width, column.head.size()) : 0;
    AppendCell(column, column.head, &head);
    if (is_padded || !text.empty()) AppendCell(column, text, &line);
  }
  if (!needs_head_) return line + "\n";
  needs_head_ = false;
  return absl::StrCat(head, "\n", line, "\n");
}

void Table::Print(const std::vector<std::string>& cells) {
  std::fputs(Row(cells).c_str(), stdout);
}

void Table::PrintAll(std::vector<Column> columns, bool with_head,
                     const std::vector<std::vector<std::string>>& rows) {
  for (const std::vector<std::string>& cells : rows) {
    for (size_t i = 0; i < columns.size(); ++i) {
      columns[i].width = std::max(
          columns[i].width, WidthOf(Printable(cells[i], LineBreaks::kEscape)));
    }
  }
  Table table(std::move(columns), with_head);
  for (const std::vector<std::string>& cells : rows) table.Print(cells);
}

}  // namespace dissectd::cli
