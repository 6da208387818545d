// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/column_sorting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

// A frame, and what it is sorted by.
template <typename Key>
struct Keyed {
  Key key;
  uint32_t frame;
};

template <typename Key>
void SortBy(std::vector<Keyed<Key>> keyed, bool descending,
            std::vector<uint32_t>* frames) {
  std::stable_sort(keyed.begin(), keyed.end(),
                   [descending](const Keyed<Key>& a, const Keyed<Key>& b) {
                     return descending ? b.key < a.key : a.key < b.key;
                   });
  frames->clear();
  for (const Keyed<Key>& entry : keyed) frames->push_back(entry.frame);
}

}  // namespace

absl::Status CheckSortColumn(uint32_t number, const ColumnSet& columns) {
  const size_t count = columns.definitions().size();
  if (number >= 1 && number <= count) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The list has ", count,
                   " columns, and none with the number ", number, "."),
      {"SORT_COLUMN_INVALID", {{"column", absl::StrCat(number)}}, {}});
}

absl::Status SortingSink::AddFrame(epan_dissect_t*, const frame_data& frame,
                                   ColumnSet* columns) {
  texts_[frame.num] = columns->Text(column_);
  return absl::OkStatus();
}

absl::Status SortingSink::SendCrash(const CrashReport& crash) {
  texts_[crash.frame_number] = "";
  crashed_.insert(crash.frame_number);
  return absl::OkStatus();
}

void SortingSink::Sort(bool descending, std::vector<uint32_t>* frames) const {
  std::vector<Keyed<double>> numbers;
  std::vector<Keyed<absl::string_view>> texts;
  for (const uint32_t frame : *frames) {
    const std::string& text = texts_.at(frame);
    texts.push_back({text, frame});
    double number = -std::numeric_limits<double>::infinity();
    const bool is_number =
        crashed_.count(frame) != 0 ||
        (absl::SimpleAtod(text, &number) && !std::isnan(number));
    if (is_number) numbers.push_back({number, frame});
  }
  if (numbers.size() == frames->size()) {
    SortBy(std::move(numbers), descending, frames);
  } else {
    SortBy(std::move(texts), descending, frames);
  }
}

}  // namespace dissectd::engine
