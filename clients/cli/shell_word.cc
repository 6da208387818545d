// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/shell_word.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

// Whether a character means itself in any place of a word.
bool IsPlain(char character) {
  return absl::ascii_isalnum(static_cast<unsigned char>(character)) ||
         absl::string_view("-+.,:/_@%").find(character) !=
             absl::string_view::npos;
}

}  // namespace

std::string ShellWord(absl::string_view text) {
  if (Printable(text, LineBreaks::kEscape) != text) {
    const std::string escaped =
        absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}});
    return absl::StrCat("$'", Printable(escaped, LineBreaks::kEscape), "'");
  }
  if (!text.empty() && std::all_of(text.begin(), text.end(), IsPlain)) {
    return std::string(text);
  }
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

}  // namespace dissectd::cli
