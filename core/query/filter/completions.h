// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_COMPLETIONS_H_
#define CORE_QUERY_FILTER_COMPLETIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/query/filter/filter_cursor.h"
#include "dissectd/v1/filter.schema.h"

namespace dissectd::engine {

using schema::CompletionKind;

struct Completion {
  std::string insert_text;
  std::string label;
  std::string description;
  CompletionKind kind;
  // A dissectd.v1.FieldType; 0 if this isn't a field.
  int32_t type = 0;
};

struct Completions {
  std::vector<Completion> items;
  // Whether there are more than `limit`.
  bool truncated = false;
};

// Returns at most `limit` texts that can be written at the cursor.
Completions CompletionsAt(const FilterCursor& cursor, size_t limit);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_COMPLETIONS_H_
