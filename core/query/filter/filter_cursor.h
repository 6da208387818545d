// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_CURSOR_H_
#define CORE_QUERY_FILTER_FILTER_CURSOR_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "core/query/filter/filter_words.h"

namespace dissectd::engine {

// The kind of text that belongs at an editor's cursor in a display filter.
enum class FilterPlace : uint8_t {
  // A field, a protocol, a function or a macro.
  kOperand,
  // An operator that suits the operand before it.
  kOperator,
  // && or ||, after a complete test.
  kConnective,
  // A value to compare an operand with.
  kValue,
  // The opening brace of a set.
  kSet,
  // The name of a macro or a field, after ${.
  kReference,
  // Text that can't be listed.
  kNowhere,
};

struct FilterCursor {
  FilterPlace place = FilterPlace::kOperand;
  // The part of the word before the cursor, without quotation marks.
  std::string prefix;
  // Whether the word is in quotation marks.
  bool quoted = false;
  // The word that contains the cursor or ends at it; if there is none, an empty
  // span at the cursor.
  TextSpan replace;
  // The field that an operator or a value applies to; may be empty.
  std::string field;
  OperandShape shape = OperandShape::kField;
  // Whether the operand before an operator is a test by itself, as a field is.
  // The result of a function isn't.
  bool is_test = true;
};

// Determines what belongs at `cursor`, a position in the filter, which may be
// wrong or incomplete.
FilterCursor FindFilterCursor(absl::string_view filter, size_t cursor);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_CURSOR_H_
