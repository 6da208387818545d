// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_INDEX_H_
#define CORE_QUERY_FILTER_FILTER_INDEX_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// All names that display filters can use, in order. Immutable.
class FilterIndex {
 public:
  // Sorts all names, which takes some tenths of a second.
  FilterIndex();

  // Returns the index of this process, which the first call creates.
  static const FilterIndex& Get();

  using Visit = absl::FunctionRef<bool(const header_field_info&)>;

  // Visits the protocols or fields whose names begin with `prefix`, ignoring
  // case, until `visit` returns false. Visits only the first one of fields that
  // share a name.
  void ForEachProtocol(absl::string_view prefix, Visit visit) const;
  void ForEachField(absl::string_view prefix, Visit visit) const;

 private:
  using Names = std::vector<const header_field_info*>;

  Names protocols_;
  Names fields_;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_INDEX_H_
