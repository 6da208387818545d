// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_FILTER_FILTER_LEXER_H_
#define CORE_QUERY_FILTER_FILTER_LEXER_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

enum class FilterTokenKind : uint8_t {
  kEnd,
  // A name, a number, an address, or an operator in letters.
  kWord,
  // A text in quotation marks, the second of which may be missing.
  kQuoted,
  // [ ] or ${ } with all between them; the end may be missing.
  kSlice,
  kReference,
  kSymbol,
};

struct FilterToken {
  FilterTokenKind kind = FilterTokenKind::kEnd;
  // The position in the filter where it begins, and its text.
  size_t start = 0;
  absl::string_view text;

  size_t end() const { return start + text.size(); }
};

// Returns the token of a display filter that begins at `position` or after it.
FilterToken NextFilterToken(absl::string_view filter, size_t position);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_FILTER_FILTER_LEXER_H_
