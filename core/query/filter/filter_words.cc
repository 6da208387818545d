// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace dissectd::engine {
namespace {

using Role = FilterRole;
using Shape = OperandShape;

constexpr FilterWord kWords[] = {
    {"abs", "Absolute value of a number", Role::kFunction},
    {"count", "Number of occurrences of a field in the frame", Role::kFunction,
     Shape::kNumber},
    {"len", "Length of a value in bytes", Role::kFunction, Shape::kNumber},
    {"lower", "The text in lower case", Role::kFunction, Shape::kString},
    {"max", "The largest of its arguments", Role::kFunction},
    {"min", "The smallest of its arguments", Role::kFunction},
    {"string", "The value as a text", Role::kFunction, Shape::kString},
    {"upper", "The text in upper case", Role::kFunction, Shape::kString},

    {"not", "The test fails", Role::kNegation},
    {"!", "", Role::kNegation},

    {"&&", "Both tests pass", Role::kConnective},
    {"||", "One of the tests passes", Role::kConnective},
    {"and", "Both tests pass", Role::kConnective},
    {"or", "One of the tests passes", Role::kConnective},

    {"==", "Some value is equal", Role::kEquality},
    {"!=", "No value is equal", Role::kEquality},
    {"===", "All values are equal", Role::kEquality},
    {"!==", "Some value isn't equal", Role::kEquality},
    {"~=", "", Role::kEquality},
    {"eq", "Some value is equal", Role::kEquality},
    {"ne", "No value is equal", Role::kEquality},
    {"all_eq", "All values are equal", Role::kEquality},
    {"any_eq", "Some value is equal", Role::kEquality},
    {"all_ne", "No value is equal", Role::kEquality},
    {"any_ne", "Some value isn't equal", Role::kEquality},

    {">", "Greater", Role::kOrder},
    {">=", "Greater or equal", Role::kOrder},
    {"<", "Less", Role::kOrder},
    {"<=", "Less or equal", Role::kOrder},
    {"gt", "Greater", Role::kOrder},
    {"ge", "Greater or equal", Role::kOrder},
    {"lt", "Less", Role::kOrder},
    {"le", "Less or equal", Role::kOrder},

    {"contains", "The value contains bytes or a text", Role::kContains},

    {"matches", "The value matches a regular expression", Role::kMatches},
    {"~", "", Role::kMatches},

    {"in", "The value is in a set", Role::kMembership},

    {"{", "A set of values and ranges", Role::kSetBegin},

    {"&", "These bits of the number", Role::kBits},
    {"bitand", "", Role::kBits},
    {"bitwise_and", "", Role::kBits},

    {"+", "", Role::kArithmetic},
    {"-", "", Role::kArithmetic},
    {"*", "", Role::kArithmetic},
    {"/", "", Role::kArithmetic},
    {"%", "", Role::kArithmetic},

    {"any", "", Role::kQuantifier},
    {"all", "", Role::kQuantifier},
};

const FilterWord* Find(absl::string_view text) {
  const auto* const found = std::find_if(
      std::begin(kWords), std::end(kWords),
      [text](const FilterWord& word) { return word.text == text; });
  return found == std::end(kWords) ? nullptr : found;
}

}  // namespace

bool FilterWord::in_letters() const {
  return absl::ascii_isalpha(static_cast<unsigned char>(text[0]));
}

absl::Span<const FilterWord> FilterWords() { return kWords; }

bool HasRole(absl::string_view text, FilterRole role) {
  const FilterWord* word = Find(text);
  return word != nullptr && word->role == role;
}

bool IsRelation(absl::string_view text) {
  const FilterWord* word = Find(text);
  if (word == nullptr) return false;
  return word->role == Role::kEquality || word->role == Role::kOrder ||
         word->role == Role::kContains || word->role == Role::kMatches;
}

bool IsArithmetic(absl::string_view text) {
  return HasRole(text, Role::kArithmetic) || HasRole(text, Role::kBits);
}

bool IsBeforeOperand(absl::string_view text) {
  return HasRole(text, Role::kNegation) || HasRole(text, Role::kQuantifier) ||
         text == "-" || text == "+";
}

OperandShape ShapeOfFunction(absl::string_view name) {
  const FilterWord* word = Find(name);
  return word == nullptr ? Shape::kField : word->result;
}

}  // namespace dissectd::engine
