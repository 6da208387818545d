// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_WORDS_H_
#define CORE_QUERY_FILTER_FILTER_WORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dissectd::engine {

// What a word or symbol of display filters is for.
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
  // Says which of the operand's values count.
  kQuantifier,
};

// What an operand's values are.
enum class OperandShape : uint8_t {
  // Those of a field.
  kField,
  // Those that are computed from a field.
  kNumber,
  kString,
  kBytes,
};

// A word or symbol that has a meaning in display filters of Wireshark 4.0.
struct FilterWord {
  absl::string_view text;
  // Empty if editors don't suggest it: there is a better way to say the same.
  absl::string_view meaning;
  FilterRole role;
  // The shape of what a function returns.
  OperandShape result = OperandShape::kField;

  // Whether it is written in letters.
  bool in_letters() const;
};

// Returns all of them, those with the same role next to each other and in the
// order in which they are suggested. libwireshark exports no such list.
absl::Span<const FilterWord> FilterWords();

// Whether the text is a word with this role.
bool HasRole(absl::string_view text, FilterRole role);

// Whether the text is a relation, which a value follows.
bool IsRelation(absl::string_view text);

// Whether the text may stand between operands that are computed with.
bool IsArithmetic(absl::string_view text);

// Whether the text may stand before an operand without changing what it is.
bool IsBeforeOperand(absl::string_view text);

// Returns the shape of what a function returns; that of a field if there is no
// such function.
OperandShape ShapeOfFunction(absl::string_view name);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_WORDS_H_
