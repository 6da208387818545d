// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/help_values.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace dissectd::cli {
namespace {

// Returns the text between two others; empty if they aren't there.
absl::string_view Between(absl::string_view text, absl::string_view begin,
                          absl::string_view end) {
  const size_t start = text.find(begin);
  if (start == absl::string_view::npos) return "";
  text.remove_prefix(start + begin.size());
  return text.substr(0, text.find(end));
}

absl::string_view WordWithBars(absl::string_view text) {
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (absl::StrContains(word, '|')) return absl::StripSuffix(word, ".");
  }
  return "";
}

}  // namespace

std::string ValueName(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  // The library puts possible values behind the name.
  return type.substr(0, type.find(":{"));
}

std::vector<std::string> HelpValues(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string& help = option.get_description();
  if (const absl::string_view list = Between(type, "{", "}"); !list.empty()) {
    return absl::StrSplit(list, ',');
  }
  if (const absl::string_view list = WordWithBars(help); !list.empty()) {
    return absl::StrSplit(list, '|');
  }
  if (const absl::string_view list = Between(help, "One of ", ";");
      !list.empty()) {
    return absl::StrSplit(list, ", ");
  }
  return {};
}

}  // namespace dissectd::cli
