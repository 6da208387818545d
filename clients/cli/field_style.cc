// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/field_style.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kHelp =
    "The options of -E are:\n"
    "\tbom=y|n                      begin with a UTF-8 byte order mark\n"
    "\theader=y|n                   begin with a line of field names\n"
    "\tseparator=/t|/s|CHARACTER    between fields: a tab (the default),\n"
    "\t                             a blank, or the character\n"
    "\toccurrence=f|l|a             the first, the last or all occurrences\n"
    "\taggregator=,|/s|CHARACTER    between occurrences: a comma (the\n"
    "\t                             default), a blank, or the character\n"
    "\tquote=d|s|n                  around values: double, single or no\n"
    "\t                             quotes";

// Parses `y` or `n`; returns false for anything else.
bool ReadTruth(char value, bool* truth) {
  *truth = value == 'y';
  return value == 'y' || value == 'n';
}

// Parses a character. `/s` is a space and, if `allow_tab` is set, `/t` a tab; a
// slash before any other letter is a backslash.
char ReadCharacter(absl::string_view value, bool allow_tab) {
  if (value[0] != '/') return value[0];
  if (value.size() > 1 && value[1] == 's') return ' ';
  if (allow_tab && value.size() > 1 && value[1] == 't') return '\t';
  return '\\';
}

bool ReadOccurrence(char value, Occurrence* occurrence) {
  switch (value) {
    case 'f':
      *occurrence = Occurrence::kFirst;
      return true;
    case 'l':
      *occurrence = Occurrence::kLast;
      return true;
    case 'a':
      *occurrence = Occurrence::kAll;
      return true;
    default:
      return false;
  }
}

bool ReadQuote(char value, char* quote) {
  *quote = value == 'd' ? '"' : value == 's' ? '\'' : 0;
  return value == 'd' || value == 's' || value == 'n';
}

bool Apply(absl::string_view name, absl::string_view value,
           FieldsStyle* style) {
  if (value.empty()) return false;
  if (name == "bom") return ReadTruth(value[0], &style->byte_order_mark);
  if (name == "header") return ReadTruth(value[0], &style->header);
  if (name == "quote") return ReadQuote(value[0], &style->quote);
  if (name == "occurrence") {
    return ReadOccurrence(value[0], &style->occurrence);
  }
  if (name == "separator") {
    style->separator = ReadCharacter(value, true);
    return true;
  }
  if (name == "aggregator") {
    style->aggregator = ReadCharacter(value, false);
    return true;
  }
  return false;
}

}  // namespace

absl::Status ApplyFieldOption(absl::string_view option, FieldsStyle* style) {
  const size_t equals = option.find('=');
  const absl::string_view name = option.substr(0, equals);
  const absl::string_view value = equals == absl::string_view::npos
                                      ? absl::string_view()
                                      : option.substr(equals + 1);
  if (Apply(name, value, style)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", name, "\" is not a valid field output option=value pair.\n",
      kHelp));
}

}  // namespace dissectd::cli
