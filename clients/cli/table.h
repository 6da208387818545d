// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TABLE_H_
#define CLIENTS_CLI_TABLE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// A table that is printed row by row, with the same text on a terminal and
// elsewhere: columns with heads, aligned by blanks, and at least two blanks
// between cells. Control characters in cells are escaped.
//
// Thread-compatible.
class Table {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    absl::string_view head;
    // The least width. A longer cell moves the rest of its row.
    size_t width;
    Align align;
  };

  // Without `with_head`, there are only rows.
  Table(std::vector<Column> columns, bool with_head)
      : columns_(std::move(columns)), needs_head_(with_head) {}

  // Returns a row as a line, and the head in front of the first row. There are
  // as many cells as columns.
  std::string Row(const std::vector<std::string>& cells);

  // Prints a row to standard output.
  void Print(const std::vector<std::string>& cells);

  // Prints a table whose rows are all there: its columns are at least as wide
  // as their widest cells.
  static void PrintAll(std::vector<Column> columns, bool with_head,
                       const std::vector<std::vector<std::string>>& rows);

 private:
  const std::vector<Column> columns_;
  bool needs_head_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TABLE_H_
