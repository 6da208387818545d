// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_lexer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace dissectd::engine {
namespace {

// A symbol comes before its own prefixes.
constexpr absl::string_view kLongSymbols[] = {
    "===", "!==", "==", "!=", ">=", "<=", "~=", "&&", "||", ".."};

bool IsWordByte(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) ||
         absl::StrContains("_.:/-", byte) || static_cast<signed char>(byte) < 0;
}

// A range such as 80..443 is three tokens.
size_t WordLength(absl::string_view text) {
  size_t length = 0;
  while (length < text.size() && IsWordByte(text[length]) &&
         !absl::StartsWith(text.substr(length), "..")) {
    ++length;
  }
  return length;
}

size_t QuotedLength(absl::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == text[0]) return i + 1;
    if (text[i] == '\\') ++i;
  }
  return text.size();
}

// Returns the length of the text up to and including `last`, or all of it.
size_t LengthUpTo(char last, absl::string_view text) {
  const size_t found = text.find(last);
  return found == absl::string_view::npos ? text.size() : found + 1;
}

size_t SymbolLength(absl::string_view text) {
  for (const absl::string_view symbol : kLongSymbols) {
    if (absl::StartsWith(text, symbol)) return symbol.size();
  }
  return 1;
}

// A word may contain a minus, but doesn't begin with one.
bool BeginsWord(absl::string_view text) {
  return text[0] != '-' && WordLength(text) > 0;
}

}  // namespace

FilterToken NextFilterToken(absl::string_view filter, size_t position) {
  while (position < filter.size() &&
         absl::ascii_isspace(static_cast<unsigned char>(filter[position]))) {
    ++position;
  }
  const absl::string_view rest = filter.substr(position);
  if (rest.empty()) return {FilterTokenKind::kEnd, position, rest};
  const auto token = [&](FilterTokenKind kind, size_t length) {
    return FilterToken{kind, position, rest.substr(0, length)};
  };
  if (rest[0] == '"' || rest[0] == '\'') {
    return token(FilterTokenKind::kQuoted, QuotedLength(rest));
  }
  if (rest[0] == '[') {
    return token(FilterTokenKind::kSlice, LengthUpTo(']', rest));
  }
  if (absl::StartsWith(rest, "${")) {
    return token(FilterTokenKind::kReference, LengthUpTo('}', rest));
  }
  if (BeginsWord(rest)) {
    return token(FilterTokenKind::kWord, WordLength(rest));
  }
  return token(FilterTokenKind::kSymbol, SymbolLength(rest));
}

}  // namespace dissectd::engine
