// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_COLUMNS_H_
#define CORE_EPAN_COLUMNS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A column of a request: dissectd.v1.Column.
struct ColumnSpec {
  // For example "%t", or "%Cus" for a custom column.
  std::string format;
  // Empty for the format's default.
  std::string title;
  std::string custom_fields;
  int custom_occurrence = 0;
  bool resolved = false;
};

// Checks that libwireshark knows the format, and that the fields of a custom
// column exist. Errors: INVALID_ARGUMENT with COLUMN_FORMAT_UNKNOWN, or with
// COLUMN_FIELDS_INVALID and the position of the error in `custom_fields`.
absl::Status CheckColumn(const ColumnSpec& column);

// Makes `columns` the column format of this process, in place of the
// profile's. Errors: INVALID_ARGUMENT with COLUMN_FORMAT_UNKNOWN or
// COLUMN_FIELDS_INVALID.
absl::Status SetColumnFormat(const std::vector<ColumnSpec>& columns);

// The columns of the packet list, made from this process's column format.
class ColumnSet {
 public:
  struct Definition {
    std::string title;
    std::string format;
    std::string custom_fields;
  };

  // Reads the current value of the preference `gui.column.format`.
  ColumnSet();
  ~ColumnSet();
  ColumnSet(const ColumnSet&) = delete;
  ColumnSet& operator=(const ColumnSet&) = delete;

  // The columns that libwireshark fills in.
  column_info* info() { return &info_; }

  // Tells libwireshark which fields the columns need of the next frame.
  void Prime(epan_dissect_t* edt) { col_custom_prime_edt(edt, &info_); }

  // Makes the texts of the frame that `edt` has dissected with info().
  void Fill(epan_dissect_t* edt) {
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
  }

  // Whether a column shows fields, and so needs a protocol tree.
  bool NeedsTree() { return have_custom_cols(&info_); }

  // The visible columns, in order.
  const std::vector<Definition>& definitions() const { return definitions_; }

  // Returns the text of the visible column `index` that Fill made last.
  const char* Text(size_t index) {
    return get_column_text(&info_, visible_[index]);
  }

 private:
  column_info info_ = {};
  std::vector<int> visible_;
  std::vector<Definition> definitions_;
};

// Whether one of the profile's columns shows fields, which tshark then looks
// for in any case.
bool HaveCustomColumns();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_COLUMNS_H_
