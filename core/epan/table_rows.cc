// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/table_rows.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dissectd::engine {
namespace {

constexpr size_t kNowhere = absl::string_view::npos;

enum class Token { kComma, kLineFeed, kValue, kComment, kOther, kEnd };

enum class Row { kWhole, kShort, kRefused, kEnd };

// Divides rows as libwireshark's reader does.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}

  // Reads on to the end of a row.
  Row ReadRow(size_t columns) {
    size_t column = 0;
    bool has_begun = false;
    while (true) {
      Token token = Next(!has_begun);
      if (token == Token::kEnd) return Row::kEnd;
      // The reader ignores these before a value, and empty lines before a row.
      if (token == Token::kOther || token == Token::kComment) continue;
      if (token == Token::kLineFeed && !has_begun) continue;
      has_begun = true;
      const bool ends = token == Token::kLineFeed ||
                        (token == Token::kValue && column + 1 == columns);
      if (ends) return ReadEnd(column + 1 < columns);
      if (token == Token::kValue) token = Next(false);
      if (token != Token::kComma || ++column == columns) return Row::kRefused;
    }
  }

 private:
  Row ReadEnd(bool lacks_values) {
    const Token token = Next(false);
    if (token == Token::kEnd) return Row::kEnd;
    if (token != Token::kLineFeed) return Row::kRefused;
    return lacks_values ? Row::kShort : Row::kWhole;
  }

  Token Next(bool may_be_comment) {
    if (at_ == text_.size()) return Token::kEnd;
    const size_t start =
        std::min(text_.find_first_not_of(" \t", at_), text_.size());
    const absl::string_view rest = text_.substr(start);
    if (absl::StartsWith(rest, ",")) return Take(start + 1, Token::kComma);
    if (absl::StartsWith(rest, "\n")) return Take(start + 1, Token::kLineFeed);
    if (absl::StartsWith(rest, "\r\n")) {
      return Take(start + 2, Token::kLineFeed);
    }
    if (start > at_) return Take(start, Token::kOther);
    if (const size_t end = EndOfQuoted(); end != kNowhere) {
      return Take(end, Token::kValue);
    }
    if (const size_t end = EndOfHexadecimal(); end > at_) {
      return Take(end, Token::kValue);
    }
    const size_t line_end = text_.find('\n', at_);
    if (may_be_comment && text_[at_] == '#' && line_end != kNowhere) {
      return Take(line_end + 1, Token::kComment);
    }
    return Take(at_ + 1, Token::kOther);
  }

  Token Take(size_t end, Token token) {
    at_ = end;
    return token;
  }

  // Returns where a value in quotes ends. A quote after a backslash is part of
  // the value if there is a later quote.
  size_t EndOfQuoted() const {
    if (text_[at_] != '"') return kNowhere;
    size_t end = text_.find('"', at_ + 1);
    while (end != kNowhere && text_[end - 1] == '\\') {
      const size_t later = text_.find('"', end + 1);
      if (later == kNowhere) break;
      end = later;
    }
    return end == kNowhere ? kNowhere : end + 1;
  }

  // Returns where a value of pairs of digits ends. The reader also takes
  // letters for digits, and refuses them later.
  size_t EndOfHexadecimal() const {
    size_t end = at_;
    while (end < text_.size() &&
           absl::ascii_isalnum(static_cast<unsigned char>(text_[end]))) {
      ++end;
    }
    return end - (end - at_) % 2;
  }

  const absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace

bool HasShortRow(absl::string_view rows, size_t columns) {
  // The reader adds this line feed, too.
  const std::string text = absl::StrCat(rows, "\n");
  Scanner scanner(text);
  Row row = Row::kWhole;
  while (row == Row::kWhole) row = scanner.ReadRow(columns);
  return row == Row::kShort;
}

}  // namespace dissectd::engine
