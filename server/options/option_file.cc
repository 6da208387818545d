// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/option_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/read_files.h"
#include "server/options/option_errors.h"

namespace dissectd::server {
namespace {

// Returns a line without blanks around it, and without a comment.
absl::string_view WithoutComment(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line);
  if (absl::StartsWith(line, ";")) return "";
  bool in_quotes = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') in_quotes = !in_quotes;
    if (line[i] == '#' && !in_quotes) {
      return absl::StripTrailingAsciiWhitespace(line.substr(0, i));
    }
  }
  return line;
}

absl::string_view ValueIn(absl::string_view line) {
  const size_t equals = line.find('=');
  return equals == absl::string_view::npos
             ? ""
             : absl::StripLeadingAsciiWhitespace(line.substr(equals + 1));
}

// The library takes a value with one of these for a list, unless it has quotes.
bool LooksLikeList(absl::string_view value) {
  return !value.empty() && value.front() != '"' && value.front() != '\'' &&
         value.find_first_of(", ") != absl::string_view::npos;
}

bool IsList(const CLI::Option& option) {
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll ||
         option.get_items_expected_max() > 1;
}

// Returns what is wrong with a line's value; empty if its option can check it.
std::string CheckValue(absl::string_view line, const CLI::Option& option) {
  const absl::string_view value = ValueIn(line);
  const bool is_flag = option.get_expected_min() == 0;
  const bool needs_value = !is_flag || absl::StrContains(line, '=');
  if (needs_value && (value.empty() || value == "\"\"")) {
    return NeedsValue(option.get_name());
  }
  // The library would take it for a comment, also in quotes.
  if (absl::StrContains(value, '#')) {
    return absl::StrCat("The value of \"", option.get_name(),
                        "\" can't have a \"#\".");
  }
  if (!IsList(option) && LooksLikeList(value)) {
    return absl::StrCat("The value of \"", option.get_name(),
                        "\" has a blank or a comma; put it in quotes.");
  }
  return "";
}

// Appends the lines after the `*last`th that belong to the same list. The
// library would stumble over its beginning or a comma at its end. `*last` is
// the number of lines if the list has no end.
void AppendRestOfList(const std::vector<absl::string_view>& lines, size_t* last,
                      std::string* line) {
  if (!absl::StartsWith(ValueIn(*line), "[")) return;
  while (!absl::EndsWith(*line, "]") && ++*last < lines.size()) {
    absl::StrAppend(line, lines[*last]);
  }
  if (absl::EndsWith(*line, ",]")) line->erase(line->size() - 2, 1);
}

}  // namespace

std::vector<CLI::ConfigItem> OptionFile::from_config(
    std::istream& input) const {
  const std::string text = ContentOf(&input);
  if (input.bad()) throw CLI::ConfigError("it can't be read");
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  for (absl::string_view& line : lines) line = WithoutComment(line);
  std::stringstream checked;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const size_t number = i + 1;
    std::string line(lines[i]);
    AppendRestOfList(lines, &i, &line);
    std::string wrong = Check(line, number);
    if (wrong.empty() && i == lines.size()) {
      wrong = "The list that begins here has no \"]\" at the end of a line.";
    }
    if (!wrong.empty()) {
      throw CLI::ConfigError(absl::StrCat("line ", number, ": ", wrong));
    }
    checked << line << '\n';
  }
  return ConfigBase::from_config(checked);
}

std::string OptionFile::Check(absl::string_view line, size_t number) const {
  const std::string name(
      absl::StripAsciiWhitespace(line.substr(0, line.find('='))));
  if (name.find_first_of("[{: \t") != std::string::npos) {
    return "A line is NAME = VALUE; there are no sections.";
  }
  const CLI::Option* option = Find(name);
  if (option == nullptr) return UnknownOption(*app_, name);
  if (!option->get_configurable()) {
    return absl::StrCat("The option \"", name, "\" can't be in a file.");
  }
  const std::string wrong = CheckValue(line, *option);
  if (!wrong.empty()) return wrong;
  const auto [before, is_first] = lines_.emplace(option->get_name(), number);
  // The library adds up lists, if their lines follow each other. It would
  // ignore later lines of other values.
  if (!is_first && (option != last_ || !IsList(*option))) {
    return absl::StrCat("The option \"", name, "\" is in line ", before->second,
                        ", too.");
  }
  last_ = option;
  if (option->empty()) lines_in_use_.emplace(option->get_name(), number);
  return "";
}

// As the library looks them up.
const CLI::Option* OptionFile::Find(const std::string& name) const {
  const CLI::Option* option = app_->get_option_no_throw("--" + name);
  return option != nullptr ? option : app_->get_option_no_throw(name);
}

size_t OptionFile::LineOf(const std::string& option) const {
  const auto found = lines_in_use_.find(option);
  return found == lines_in_use_.end() ? 0 : found->second;
}

std::string CheckReadable(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::StrCat("\"", path, "\" is a folder, not a file");
  }
  if (access(path.c_str(), R_OK) == 0) return "";
  return absl::StrCat("can't read \"", path, "\": ", std::strerror(errno));
}

}  // namespace dissectd::server
