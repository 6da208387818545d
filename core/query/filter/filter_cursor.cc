// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_cursor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/query/filter/filter_lexer.h"
#include "core/query/filter/filter_words.h"

namespace dissectd::engine {
namespace {

using Kind = FilterTokenKind;

// Reads a filter from its beginning, token by token, and determines what can
// come next.
class Reader {
 public:
  void Read(const FilterToken& token, bool before_parenthesis);

  FilterPlace place() const { return place_; }
  const std::string& field() const { return field_; }
  OperandShape shape() const { return shape_; }
  bool is_test() const { return is_test_; }

 private:
  // The function that an opening parenthesis belongs to; empty for none.
  using Opened = std::string;

  void ReadOperand(const FilterToken& token, bool before_parenthesis);
  void ReadAfterOperand(const FilterToken& token);
  void ReadValue(const FilterToken& token, bool before_parenthesis);
  void Close();
  void SetOperand(absl::string_view field);

  FilterPlace place_ = FilterPlace::kOperand;
  std::string field_;
  OperandShape shape_ = OperandShape::kField;
  bool is_test_ = true;
  std::vector<Opened> opened_;
  std::string function_;
  // Whether the next operand is computed with another one.
  bool computing_ = false;
  bool in_set_ = false;
  // Whether the last token was #, which a number follows.
  bool layer_ = false;
};

void Reader::SetOperand(absl::string_view field) {
  if (!computing_) field_ = std::string(field);
  place_ = FilterPlace::kOperator;
  computing_ = false;
}

void Reader::Close() {
  if (opened_.empty()) return;
  const std::string function = opened_.back();
  opened_.pop_back();
  if (function.empty()) {
    place_ = FilterPlace::kConnective;
  } else {
    place_ = FilterPlace::kOperator;
    shape_ = ShapeOfFunction(function);
    is_test_ = false;
  }
}

void Reader::ReadOperand(const FilterToken& token, bool before_parenthesis) {
  if (token.text == "(") {
    opened_.push_back(std::exchange(function_, ""));
  } else if (token.text == ")") {
    Close();
  } else if (IsBeforeOperand(token.text) || token.kind == Kind::kSymbol) {
    // What follows is an operand as well.
  } else if (before_parenthesis) {
    function_ = std::string(token.text);
  } else {
    if (!computing_) shape_ = OperandShape::kField;
    is_test_ = true;
    SetOperand(token.kind == Kind::kWord ? token.text : "");
  }
}

void Reader::ReadAfterOperand(const FilterToken& token) {
  if (layer_) {
    layer_ = false;
  } else if (token.text == "#") {
    layer_ = true;
  } else if (token.kind == Kind::kSlice) {
    shape_ = OperandShape::kBytes;
  } else if (HasRole(token.text, FilterRole::kConnective) ||
             token.text == ",") {
    place_ = FilterPlace::kOperand;
  } else if (IsArithmetic(token.text)) {
    shape_ = OperandShape::kNumber;
    computing_ = true;
    place_ = FilterPlace::kOperand;
  } else if (IsRelation(token.text)) {
    place_ = FilterPlace::kValue;
  } else if (HasRole(token.text, FilterRole::kMembership)) {
    place_ = FilterPlace::kSet;
  } else if (token.text == ")") {
    Close();
  }
}

void Reader::ReadValue(const FilterToken& token, bool before_parenthesis) {
  if (before_parenthesis) {
    function_ = std::string(token.text);
    computing_ = true;
    place_ = FilterPlace::kOperand;
  } else if (token.kind != Kind::kSymbol) {
    place_ = in_set_ ? FilterPlace::kNowhere : FilterPlace::kConnective;
  }
}

void Reader::Read(const FilterToken& token, bool before_parenthesis) {
  if (in_set_ && token.text == "}") {
    in_set_ = false;
    place_ = FilterPlace::kConnective;
    return;
  }
  switch (place_) {
    case FilterPlace::kOperand:
      return ReadOperand(token, before_parenthesis);
    case FilterPlace::kOperator:
    case FilterPlace::kConnective:
      return ReadAfterOperand(token);
    case FilterPlace::kValue:
      return ReadValue(token, before_parenthesis);
    case FilterPlace::kSet:
      in_set_ = token.text == "{";
      if (in_set_) place_ = FilterPlace::kValue;
      return;
    default:
      // Handles the separator between values of a set.
      if (token.kind == Kind::kSymbol) place_ = FilterPlace::kValue;
  }
}

bool IsClosed(const FilterToken& token, char last) {
  return token.text.size() > 1 && token.text.back() == last;
}

// Returns whether a symbol at the cursor may be the beginning of a longer one.
// Complete symbols count as they are, except &, which is rarely meant.
bool IsBeginning(const FilterToken& token, FilterPlace place) {
  if (place != FilterPlace::kOperator && place != FilterPlace::kConnective) {
    return false;
  }
  return token.text == "=" || token.text == "!" || token.text == "|" ||
         token.text == "&";
}

// Whether the cursor is in the token, or at its end and more may follow.
bool HoldsCursor(const FilterToken& token, size_t cursor, FilterPlace place) {
  if (token.kind == Kind::kEnd || token.start >= cursor) return false;
  if (cursor < token.end()) return true;
  if (cursor > token.end()) return false;
  switch (token.kind) {
    case Kind::kWord:
      return true;
    case Kind::kQuoted:
      return !IsClosed(token, token.text[0]);
    case Kind::kSlice:
      return !IsClosed(token, ']');
    case Kind::kReference:
      return !IsClosed(token, '}');
    default:
      return IsBeginning(token, place);
  }
}

// Fills in the result for the token that contains the cursor.
void Enter(const FilterToken& token, size_t cursor, FilterCursor* found) {
  const absl::string_view left = token.text.substr(0, cursor - token.start);
  found->prefix = std::string(left);
  found->replace = {static_cast<uint32_t>(token.start),
                    static_cast<uint32_t>(token.text.size())};
  if (token.kind == Kind::kSlice) {
    found->place = FilterPlace::kNowhere;
  } else if (token.kind == Kind::kQuoted) {
    found->quoted = true;
    found->prefix = std::string(left.substr(1));
    if (found->place != FilterPlace::kValue || token.text[0] != '"') {
      found->place = FilterPlace::kNowhere;
    }
  } else if (token.kind == Kind::kReference) {
    const bool has_arguments = left.find_first_of(":;") != left.npos;
    found->place = has_arguments || left.size() < 2 ? FilterPlace::kNowhere
                                                    : FilterPlace::kReference;
    found->prefix = std::string(left.substr(std::min<size_t>(2, left.size())));
    // The text after the cursor may be the rest of the filter.
    if (!IsClosed(token, '}')) {
      found->replace.length = static_cast<uint32_t>(left.size());
    }
  }
}

}  // namespace

FilterCursor FindFilterCursor(absl::string_view filter, size_t cursor) {
  Reader reader;
  FilterToken token = NextFilterToken(filter, 0);
  while (token.kind != Kind::kEnd && token.start < cursor &&
         !HoldsCursor(token, cursor, reader.place())) {
    const bool before_parenthesis = token.kind == Kind::kWord &&
                                    token.end() < filter.size() &&
                                    filter[token.end()] == '(';
    reader.Read(token, before_parenthesis);
    token = NextFilterToken(filter, token.end());
  }
  FilterCursor found;
  found.place = reader.place();
  found.field = reader.field();
  found.shape = reader.shape();
  found.is_test = reader.is_test();
  found.replace.start = static_cast<uint32_t>(cursor);
  if (HoldsCursor(token, cursor, reader.place())) Enter(token, cursor, &found);
  return found;
}

}  // namespace dissectd::engine
