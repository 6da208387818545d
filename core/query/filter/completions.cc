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
#include "core/query/filter/filter_words.h"

namespace dissectd::engine {
namespace {

// The operators that an operand supports.
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
  abilities.bits = IsSignedType(type) || IsUnsignedType(type);
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

// Returns the text as a string in a filter.
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
  // Adds the operators with this role: symbols and, if the prefix is a letter,
  // words.
  void AddOperators(FilterRole role);
  void AddNames();
  bool AddField(const header_field_info& field, CompletionKind kind);
  void AddFunctions();
  void AddMacros(bool always);
  void AddOperatorsOfOperand();
  void AddNamedValues(const header_field_info& field);
  void AddValues();
  bool AddValue(const header_field_info& field, const NamedValue& value);

  const FilterCursor& cursor_;
  const size_t limit_;
  Completions found_;
  // The names of values that were added. If several values share a name,
  // filters mean the first one.
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

void Collector::AddOperators(FilterRole role) {
  for (const FilterWord& word : FilterWords()) {
    if (word.role != role || word.meaning.empty() || !Begins(word.text)) {
      continue;
    }
    // These operators have symbols, so words are offered only after a letter.
    const bool has_symbols = role == FilterRole::kConnective ||
                             role == FilterRole::kEquality ||
                             role == FilterRole::kOrder;
    if (has_symbols && word.in_letters() && cursor_.prefix.empty()) continue;
    Add({std::string(word.text), std::string(word.text),
         std::string(word.meaning), CompletionKind::kOperator});
  }
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
  for (const FilterWord& word : FilterWords()) {
    if (word.role != FilterRole::kFunction || !Begins(word.text)) continue;
    Add({absl::StrCat(word.text, "("), std::string(word.text),
         std::string(word.meaning), CompletionKind::kFunction});
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

void Collector::AddOperatorsOfOperand() {
  const Abilities can = AbilitiesAt(cursor_);
  if (can.equality) AddOperators(FilterRole::kEquality);
  if (can.order) AddOperators(FilterRole::kOrder);
  if (can.contains) AddOperators(FilterRole::kContains);
  if (can.matches) AddOperators(FilterRole::kMatches);
  if (can.equality && cursor_.shape == OperandShape::kField &&
      cursor_.is_test) {
    AddOperators(FilterRole::kMembership);
  }
  if (can.bits) AddOperators(FilterRole::kBits);
  if (cursor_.is_test) AddOperators(FilterRole::kConnective);
}

bool Collector::AddValue(const header_field_info& field,
                         const NamedValue& value) {
  const std::string number =
      IsSignedType(field.type) ? absl::StrCat(static_cast<int32_t>(value.first))
                               : absl::StrCat(value.first);
  if (!Begins(value.name) && !absl::StartsWith(number, cursor_.prefix)) {
    return true;
  }
  // Filters don't accept names of ranges.
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
  // Filters accept these names for booleans that have no names.
  if (field.type == FT_BOOLEAN && field.strings == nullptr) {
    if (AddValue(field, {1, 1, tfs_get_string(TRUE, nullptr)})) {
      AddValue(field, {0, 0, tfs_get_string(FALSE, nullptr)});
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
  // The value may be another field, which is rare.
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
        AddOperators(FilterRole::kNegation);
      }
      AddMacros(/*always=*/false);
      AddNames();
      break;
    case FilterPlace::kOperator:
      AddOperatorsOfOperand();
      break;
    case FilterPlace::kConnective:
      AddOperators(FilterRole::kConnective);
      break;
    case FilterPlace::kValue:
      AddValues();
      break;
    case FilterPlace::kSet:
      AddOperators(FilterRole::kSetBegin);
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
