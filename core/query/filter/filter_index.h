// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_INDEX_H_
#define CORE_QUERY_FILTER_FILTER_INDEX_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// All names that display filters may have, in order. Immutable.
class FilterIndex {
 public:
  // Sorts all of them, which takes some tenths of a second.
  FilterIndex();

  // That of this process; made when it is first asked for.
  static const FilterIndex& Get();

  using Visit = absl::FunctionRef<bool(const header_field_info&)>;

  // Visits those whose names begin with `prefix`, whatever the case of its
  // letters; stops when `visit` returns false. Of fields that share a name, the
  // first.
  void ForEachProtocol(absl::string_view prefix, Visit visit) const;
  void ForEachField(absl::string_view prefix, Visit visit) const;

 private:
  using Names = std::vector<const header_field_info*>;

  Names protocols_;
  Names fields_;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_INDEX_H_
