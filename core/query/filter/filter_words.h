// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_WORDS_H_
#define CORE_QUERY_FILTER_FILTER_WORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dissectd::engine {

// The role of a word or symbol in display filters.
enum class FilterRole : uint8_t {
  kFunction,
  // Negates a test.
  kNegation,
  // Joins two tests.
  kConnective,
  // Relations between an operand and a value.
  kEquality,
  kOrder,
  kContains,
  kMatches,
  // Is followed by a set.
  kMembership,
  // Begins a set.
  kSetBegin,
  // Computes a number from two operands.
  kBits,
  kArithmetic,
  // Selects the values of the operand that count.
  kQuantifier,
};

// The shape of an operand's values.
enum class OperandShape : uint8_t {
  // Values of a field.
  kField,
  // Numbers computed from a field.
  kNumber,
  kString,
  kBytes,
};

// A word or symbol with a meaning in display filters of Wireshark 4.0.
struct FilterWord {
  absl::string_view text;
  // Empty if editors don't suggest it, as there is a better equivalent.
  absl::string_view meaning;
  FilterRole role;
  // The shape of a function's result.
  OperandShape result = OperandShape::kField;

  // Whether it is written in letters.
  bool in_letters() const;
};

// Returns all words, grouped by role and in the order in which they are
// suggested. libwireshark exports no such list.
absl::Span<const FilterWord> FilterWords();

// Returns whether the text is a word with this role.
bool HasRole(absl::string_view text, FilterRole role);

// Returns whether the text is a relation, which a value follows.
bool IsRelation(absl::string_view text);

// Returns whether the text is an arithmetic operator between operands.
bool IsArithmetic(absl::string_view text);

// Returns whether the text can precede an operand without changing its type.
bool IsBeforeOperand(absl::string_view text);

// Returns the shape of a function's result; kField if there is no such
// function.
OperandShape ShapeOfFunction(absl::string_view name);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_WORDS_H_
