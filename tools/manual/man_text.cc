// SPDX-License-Identifier: GPL-2.0-or-later

#include "tools/manual/man_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace dissectd::manual {
namespace {

constexpr size_t kMaxColumns = 79;

// Returns an escaped line that isn't taken for a request, which begins with a
// dot.
std::string AsLine(absl::string_view escaped) {
  return absl::StrCat(absl::StartsWith(escaped, ".") ? "\\&" : "", escaped,
                      "\n");
}

// Returns an escaped text as short lines.
std::string AsLines(absl::string_view escaped) {
  std::string lines;
  std::string line;
  for (const absl::string_view word :
       absl::StrSplit(escaped, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (!line.empty() && line.size() + 1 + word.size() > kMaxColumns) {
      lines += AsLine(line);
      line.clear();
    }
    absl::StrAppend(&line, line.empty() ? "" : " ", word);
  }
  return absl::StrCat(lines, AsLine(line));
}

}  // namespace

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\e"},
                                    {"-", "\\-"},
                                    {"'", "\\(aq"},
                                    {"`", "\\(ga"},
                                    {"^", "\\(ha"},
                                    {"~", "\\(ti"}});
}

std::string Bold(absl::string_view text) {
  return absl::StrCat("\\fB", Escaped(text), "\\fR");
}

std::string Italic(absl::string_view text) {
  return absl::StrCat("\\fI", Escaped(text), "\\fR");
}

ManText::ManText(absl::string_view name, int section, absl::string_view date,
                 absl::string_view source) {
  source_ =
      absl::StrCat(".TH ", absl::AsciiStrToUpper(name), " ", section, " ", date,
                   " \"", Escaped(source), "\" \"dissectd's manual\"\n");
}

void ManText::Section(absl::string_view title) {
  absl::StrAppend(&source_, ".SH ", absl::AsciiStrToUpper(title), "\n");
  begins_section_ = true;
}

void ManText::Subsection(absl::string_view title) {
  absl::StrAppend(&source_, ".SS ", Escaped(title), "\n");
}

void ManText::Paragraph(absl::string_view text) {
  // A section begins a paragraph itself.
  if (!begins_section_) source_ += ".PP\n";
  begins_section_ = false;
  source_ += AsLines(Escaped(text));
}

void ManText::Formatted(absl::string_view text) { source_ += AsLines(text); }

void ManText::Entry(absl::string_view formatted_term, absl::string_view text) {
  absl::StrAppend(&source_, ".TP\n", AsLine(formatted_term), AsLines(text));
}

void ManText::Verbatim(const std::vector<std::string>& lines) {
  absl::StrAppend(&source_, ".EX\n");
  for (const std::string& line : lines) source_ += AsLine(Escaped(line));
  absl::StrAppend(&source_, ".EE\n");
}

}  // namespace dissectd::manual
