// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TOOLS_MANUAL_MAN_TEXT_H_
#define TOOLS_MANUAL_MAN_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::manual {

// Returns a text with everything escaped that has a meaning for man(7).
std::string Escaped(absl::string_view text);

// Return escaped texts in bold and in italics, for use in lines and terms.
std::string Bold(absl::string_view text);
std::string Italic(absl::string_view text);

// Writes the source of a manual page in the language of man(7).
class ManText {
 public:
  // Begins the page `name`(`section`). `source` is the program with its
  // version.
  ManText(absl::string_view name, int section, absl::string_view date,
          absl::string_view source);

  void Section(absl::string_view title);
  void Subsection(absl::string_view title);
  // Writes a paragraph of plain text.
  void Paragraph(absl::string_view text);
  // Writes formatted text.
  void Formatted(absl::string_view text);
  // Writes an entry of a list: a formatted term, and a plain text about it.
  void Entry(absl::string_view formatted_term, absl::string_view text);
  // Writes lines as they are, such as commands.
  void Verbatim(const std::vector<std::string>& lines);

  const std::string& source() const { return source_; }

 private:
  std::string source_;
  bool begins_section_ = false;
};

}  // namespace dissectd::manual

#endif  // TOOLS_MANUAL_MAN_TEXT_H_
