// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/bash_line.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace dissectd::cli {
namespace {

// Characters that a backslash keeps from having a meaning for the shell.
constexpr absl::string_view kSpecial = " \t\"'\\|&;()<>*?[]{}$`!#~";
constexpr absl::string_view kSpecialInDoubleQuotes = "\"\\$`";

std::string WithBackslashes(absl::string_view text, absl::string_view special) {
  std::string quoted;
  for (const char character : text) {
    if (special.find(character) != absl::string_view::npos) quoted += '\\';
    quoted += character;
  }
  return quoted;
}

class Parser {
 public:
  explicit Parser(absl::string_view breaks) : breaks_(breaks) {
    line_.words.emplace_back();
  }

  BashLine Parse(absl::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const bool escapes = text[i] == '\\' && line_.quote != '\'';
      if (escapes && i + 1 < text.size()) {
        Append(text[++i]);
      } else if (!escapes) {
        Take(text[i]);
      }
    }
    return line_;
  }

 private:
  void Take(char character) {
    if (line_.quote != 0) {
      TakeQuoted(character);
    } else if (character == '"' || character == '\'') {
      line_.quote = character;
      line_.kept = line_.words.back().size();
      in_word_ = true;
    } else if (absl::ascii_isspace(static_cast<unsigned char>(character))) {
      EndWord();
    } else {
      Append(character);
      if (breaks_.find(character) != absl::string_view::npos) {
        last_break_ = line_.words.back().size();
        line_.kept = last_break_;
      }
    }
  }

  void TakeQuoted(char character) {
    if (character == line_.quote) {
      line_.quote = 0;
      line_.kept = last_break_;
    } else {
      Append(character);
    }
  }

  void Append(char character) {
    line_.words.back() += character;
    in_word_ = true;
  }

  void EndWord() {
    if (!in_word_) return;
    line_.words.emplace_back();
    line_.kept = 0;
    last_break_ = 0;
    in_word_ = false;
  }

  const absl::string_view breaks_;
  BashLine line_;
  // The end of the last word break in the current word.
  size_t last_break_ = 0;
  bool in_word_ = false;
};

}  // namespace

BashLine ParseBashLine(absl::string_view line, absl::string_view breaks) {
  return Parser(breaks).Parse(line);
}

std::string QuotedForBash(absl::string_view text, char quote) {
  switch (quote) {
    case '\'':
      return absl::StrReplaceAll(text, {{"'", "'\\''"}});
    case '"':
      return WithBackslashes(text, kSpecialInDoubleQuotes);
    default:
      return WithBackslashes(text, kSpecial);
  }
}

}  // namespace dissectd::cli
