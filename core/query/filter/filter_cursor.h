// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_CURSOR_H_
#define CORE_QUERY_FILTER_FILTER_CURSOR_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/error.h"

namespace dissectd::engine {

// What belongs where an editor's cursor is in a display filter.
enum class FilterPlace : uint8_t {
  // A field, a protocol, a function, a macro.
  kOperand,
  // What can be asked of an operand.
  kOperator,
  // A test is complete: && and ||.
  kConnective,
  // What an operand is compared with.
  kValue,
  // The opening brace of a set.
  kSet,
  // A macro's name, or a field's, after ${.
  kReference,
  // Nothing that can be listed.
  kNowhere,
};

// What values a test is about.
enum class OperandShape : uint8_t {
  // The operand is just a field.
  kField,
  // Of what is computed from one.
  kNumber,
  kString,
  kBytes,
};

struct FilterCursor {
  FilterPlace place = FilterPlace::kOperand;
  // What of it is left of the cursor already, without quotation marks.
  std::string prefix;
  // Whether that is a text in quotation marks.
  bool quoted = false;
  // The word that the cursor is in or behind, or nothing, at the cursor.
  TextSpan replace;
  // Of an operator or a value: the field that it is about; may be empty.
  std::string field;
  OperandShape shape = OperandShape::kField;
  // Of an operator: whether the operand is a test by itself. What a function
  // gives is none.
  bool is_test = true;
};

// Finds out. The filter may be wrong or incomplete; `cursor` is within it.
FilterCursor FindFilterCursor(absl::string_view filter, size_t cursor);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_CURSOR_H_
