// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/help_formatter.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {
namespace {

constexpr size_t kTerminalWidth = 80;
constexpr size_t kNameWidth = 30;

// Returns the text with line breaks between words, so that no line exceeds the
// width.
std::string Wrapped(absl::string_view text, size_t width) {
  std::string wrapped;
  size_t used = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (used > 0 && used + 1 + word.size() > width) {
      wrapped += '\n';
      used = 0;
    } else if (used > 0) {
      wrapped += ' ';
      ++used;
    }
    absl::StrAppend(&wrapped, word);
    used += word.size();
  }
  return wrapped;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(kNameWidth);
  label("Positionals", "Operands");
  label("SUBCOMMAND", "COMMAND");
  label("SUBCOMMANDS", "COMMAND");
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return Wrapped(option->get_description(), kTerminalWidth - kNameWidth);
}

std::string HelpFormatter::make_group(
    std::string group, bool is_positional,
    std::vector<const CLI::Option*> options) const {
  if (group == kHiddenGroup) return "";
  return Formatter::make_group(std::move(group), is_positional,
                               std::move(options));
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return absl::StrCat(app->get_description(), "\n");
}

}  // namespace dissectd::cli
