// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/completions.h"

#include <unordered_set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "core/base/utf8.h"
#include "core/epan/field_names.h"
#include "core/epan/filter_macros.h"
#include "core/epan/named_values.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"
#include "core/query/filter/filter_index.h"

namespace dissectd::engine {
namespace {

// An operator or a function, and what it means. libwireshark exports no list.
struct Word {
  const char* text;
  const char* meaning;
};

constexpr Word kFunctions[] = {
    {"abs", "Absolute value of a number"},
    {"count", "How often a field occurs in the frame"},
    {"len", "Length of a value in bytes"},
    {"lower", "The text in lower case"},
    {"max", "The largest of its arguments"},
    {"min", "The smallest of its arguments"},
    {"string", "The value as a text"},
    {"upper", "The text in upper case"},
};
constexpr Word kNot = {"not", "The test fails"};
constexpr Word kConnectives[] = {
    {"&&", "Both tests pass"},
    {"||", "One of the tests passes"},
};
constexpr Word kConnectivesInLetters[] = {
    {"and", "Both tests pass"},
    {"or", "One of the tests passes"},
};
constexpr Word kEqualities[] = {
    {"==", "Some value is equal"},
    {"!=", "No value is equal"},
    {"===", "All values are equal"},
    {"!==", "Some value isn't equal"},
};
constexpr Word kEqualitiesInLetters[] = {
    {"eq", "Some value is equal"},      {"ne", "No value is equal"},
    {"all_eq", "All values are equal"}, {"any_eq", "Some value is equal"},
    {"all_ne", "No value is equal"},    {"any_ne", "Some value isn't equal"},
};
constexpr Word kOrders[] = {
    {">", "Greater"},
    {">=", "Greater or equal"},
    {"<", "Less"},
    {"<=", "Less or equal"},
};
constexpr Word kOrdersInLetters[] = {
    {"gt", "Greater"},
    {"ge", "Greater or equal"},
    {"lt", "Less"},
    {"le", "Less or equal"},
};
constexpr Word kContains = {"contains", "The value holds some bytes or a text"};
constexpr Word kMatches = {"matches", "A regular expression finds something"};
constexpr Word kIn = {"in", "The value is in a set"};
constexpr Word kBits = {"&", "These bits of the number"};
constexpr Word kSetBegins = {"{", "A set of values and ranges"};

// The operators that an operand has.
struct Abilities {
  bool equality = false;
  bool order = false;
  bool contains = false;
  bool matches = false;
  bool bits = false;
};

Abilities AbilitiesOf(ftenum_t type) {
  Abilities abilities;
  abilities.equality = ftype_can_eq(type) != FALSE;
  abilities.order = ftype_can_cmp(type) != FALSE;
  abilities.contains = ftype_can_contains(type) != FALSE;
  abilities.matches = ftype_can_matches(type) != FALSE;
  abilities.bits = IS_FT_INT(type) || IS_FT_UINT(type);
  return abilities;
}

Abilities AbilitiesAt(const FilterCursor& cursor) {
  switch (cursor.shape) {
    case OperandShape::kNumber:
      return AbilitiesOf(FT_UINT32);
    case OperandShape::kString:
      return AbilitiesOf(FT_STRING);
    case OperandShape::kBytes:
      return AbilitiesOf(FT_BYTES);
    default:
      const header_field_info* field = FindFieldOrAlias(cursor.field);
      return field == nullptr ? Abilities() : AbilitiesOf(field->type);
  }
}

// As a filter has it.
std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

class Collector {
 public:
  Collector(const FilterCursor& cursor, size_t limit)
      : cursor_(cursor), limit_(limit) {}

  Completions Collect();

 private:
  bool Begins(absl::string_view text) const {
    return absl::StartsWithIgnoreCase(text, cursor_.prefix);
  }
  // Returns whether there is room for more.
  bool Add(Completion completion);
  template <typename Words>
  void AddWords(const Words& words, CompletionKind kind);
  void AddWord(const Word& word, CompletionKind kind);
  void AddNames();
  bool AddField(const header_field_info& field, CompletionKind kind);
  void AddFunctions();
  void AddMacros(bool always);
  void AddConnectives();
  void AddOperators();
  void AddNamedValues(const header_field_info& field);
  void AddValues();
  bool AddValue(const header_field_info& field, const NamedValue& value);

  const FilterCursor& cursor_;
  const size_t limit_;
  Completions found_;
  // Of values, as the first one of a name is the one that filters mean.
  std::unordered_set<std::string> values_;
};

bool Collector::Add(Completion completion) {
  if (found_.items.size() >= limit_) {
    found_.truncated = true;
    return false;
  }
  found_.items.push_back(std::move(completion));
  return true;
}

void Collector::AddWord(const Word& word, CompletionKind kind) {
  if (Begins(word.text)) Add({word.text, word.text, word.meaning, kind});
}

template <typename Words>
void Collector::AddWords(const Words& words, CompletionKind kind) {
  for (const Word& word : words) AddWord(word, kind);
}

bool Collector::AddField(const header_field_info& field, CompletionKind kind) {
  const std::string text = cursor_.place == FilterPlace::kReference
                               ? absl::StrCat("${", field.abbrev, "}")
                               : field.abbrev;
  return Add({text, field.abbrev, MakeValidUtf8(field.name), kind,
              PublicFieldType(field.type)});
}

void Collector::AddNames() {
  const FilterIndex& index = FilterIndex::Get();
  index.ForEachProtocol(cursor_.prefix, [this](const header_field_info& field) {
    return AddField(field, CompletionKind::kProtocol);
  });
  index.ForEachField(cursor_.prefix, [this](const header_field_info& field) {
    return AddField(field, CompletionKind::kField);
  });
}

void Collector::AddFunctions() {
  for (const Word& function : kFunctions) {
    if (!Begins(function.text)) continue;
    Add({absl::StrCat(function.text, "("), function.text, function.meaning,
         CompletionKind::kFunction});
  }
}

void Collector::AddMacros(bool always) {
  if (!always && cursor_.prefix.empty()) return;
  for (const NamedFilter& macro : FilterMacros()) {
    if (!Begins(macro.name)) continue;
    const bool has_arguments = absl::StrContains(macro.text, "$1");
    Add({absl::StrCat("${", macro.name, has_arguments ? ":" : "}"), macro.name,
         MakeValidUtf8(macro.text), CompletionKind::kMacro});
  }
}

void Collector::AddConnectives() {
  AddWords(kConnectives, CompletionKind::kOperator);
  if (!cursor_.prefix.empty()) {
    AddWords(kConnectivesInLetters, CompletionKind::kOperator);
  }
}

void Collector::AddOperators() {
  constexpr CompletionKind kKind = CompletionKind::kOperator;
  const Abilities can = AbilitiesAt(cursor_);
  // Those who type letters want these.
  const bool in_letters = !cursor_.prefix.empty();
  if (can.equality) {
    AddWords(kEqualities, kKind);
    if (in_letters) AddWords(kEqualitiesInLetters, kKind);
  }
  if (can.order) {
    AddWords(kOrders, kKind);
    if (in_letters) AddWords(kOrdersInLetters, kKind);
  }
  if (can.contains) AddWord(kContains, kKind);
  if (can.matches) AddWord(kMatches, kKind);
  if (can.equality && cursor_.shape == OperandShape::kField &&
      cursor_.is_test) {
    AddWord(kIn, kKind);
  }
  if (can.bits) AddWord(kBits, kKind);
  if (cursor_.is_test) AddConnectives();
}

bool Collector::AddValue(const header_field_info& field,
                         const NamedValue& value) {
  const std::string number =
      IS_FT_INT(field.type) ? absl::StrCat(static_cast<int32_t>(value.first))
                            : absl::StrCat(value.first);
  if (!Begins(value.name) && !absl::StartsWith(number, cursor_.prefix)) {
    return true;
  }
  // Filters don't take the names of ranges.
  const bool by_number =
      value.first != value.last ||
      (static_cast<unsigned>(field.display) & BASE_RANGE_STRING) != 0;
  if (by_number && (value.first != value.last || cursor_.quoted)) return true;
  if (!IsValidUtf8(value.name) || !values_.insert(value.name).second) {
    return true;
  }
  return Add({by_number ? number : Quoted(value.name), value.name, number,
              CompletionKind::kValue});
}

void Collector::AddNamedValues(const header_field_info& field) {
  // Filters know these names of truth values that have none of their own.
  if (field.type == FT_BOOLEAN && field.strings == nullptr) {
    if (AddValue(field, {1, 1, tfs_true_false.true_string})) {
      AddValue(field, {0, 0, tfs_true_false.false_string});
    }
    return;
  }
  const NamedValues values(&field);
  if (values.kind() == NamedValueKind::kUnit) return;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!AddValue(field, values.At(i))) return;
  }
}

void Collector::AddValues() {
  if (cursor_.shape == OperandShape::kField) {
    const header_field_info* field = FindFieldOrAlias(cursor_.field);
    if (field != nullptr) AddNamedValues(*field);
  }
  // Another field may be compared with, though few do.
  if (!cursor_.quoted && !cursor_.prefix.empty()) {
    AddFunctions();
    AddNames();
  }
}

Completions Collector::Collect() {
  switch (cursor_.place) {
    case FilterPlace::kOperand:
      AddFunctions();
      if (!cursor_.prefix.empty()) {
        AddWord(kNot, CompletionKind::kOperator);
      }
      AddMacros(/*always=*/false);
      AddNames();
      break;
    case FilterPlace::kOperator:
      AddOperators();
      break;
    case FilterPlace::kConnective:
      AddConnectives();
      break;
    case FilterPlace::kValue:
      AddValues();
      break;
    case FilterPlace::kSet:
      AddWord(kSetBegins, CompletionKind::kOperator);
      break;
    case FilterPlace::kReference:
      AddMacros(/*always=*/true);
      if (!cursor_.prefix.empty()) AddNames();
      break;
    case FilterPlace::kNowhere:
      break;
  }
  return std::move(found_);
}

}  // namespace

Completions CompletionsAt(const FilterCursor& cursor, size_t limit) {
  return Collector(cursor, limit).Collect();
}

}  // namespace dissectd::engine
