// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_COLUMN_SORTING_H_
#define CORE_SESSION_COLUMN_SORTING_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "core/encode/frame_sink.h"
#include "core/epan/columns.h"

namespace dissectd::engine {

// Returns INVALID_ARGUMENT (SORT_COLUMN_INVALID) unless there is a column with
// this number, from 1.
absl::Status CheckSortColumn(uint32_t number, const ColumnSet& columns);

// Orders frames by the texts of a column.
class SortingSink final : public FrameSink {
 public:
  // `column` is an index.
  explicit SortingSink(size_t column) : column_(column) {}

  FrameNeeds needs() const override {
    FrameNeeds needs;
    needs.columns = true;
    return needs;
  }

  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  absl::Status SendCrash(const CrashReport& crash) override;

  // Sorts frames that were added: by number if the texts are numbers. Equal
  // ones stay in their order, also if the last ones come first. Those that
  // crashed are less than all others.
  void Sort(bool descending, std::vector<uint32_t>* frames) const;

 private:
  const size_t column_;
  std::unordered_map<uint32_t, std::string> texts_;
  std::unordered_set<uint32_t> crashed_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_COLUMN_SORTING_H_
