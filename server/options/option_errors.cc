// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/option_errors.h"

#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/nearest_word.h"

namespace dissectd::server {
namespace {

// More than any option has. Comparing longer texts would take long.
constexpr size_t kMaxNameBytes = 100;

// Rewrites `Could not convert: --allow-lua = maybe`. All options with values
// have checks that come first, so it is about one without.
std::string NeitherTrueNorFalse(absl::string_view text,
                                const std::string& option) {
  const size_t equals = text.find(" = ");
  if (equals == absl::string_view::npos) return std::string(text);
  return absl::StrCat("The value \"", text.substr(equals + 3),
                      "\" of the option \"", option,
                      "\" is neither true nor false.");
}

}  // namespace

std::string UnknownOption(const CLI::App& app, const std::string& name) {
  absl::string_view bare = name;
  const bool has_dashes = absl::ConsumePrefix(&bare, "--");
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& word : option->get_lnames()) known.push_back(word);
  }
  const std::string meant =
      bare.size() > kMaxNameBytes ? "" : cli::NearestWord(bare, known);
  return absl::StrCat("There is no option \"", name, "\"",
                      meant.empty()
                          ? "."
                          : absl::StrCat("; did you mean \"",
                                         has_dashes ? "--" : "", meant, "\"?"));
}

std::string NeedsValue(absl::string_view option) {
  return absl::StrCat("The option \"", option, "\" needs a value.");
}

std::string OptionIn(const CLI::ParseError& error) {
  const std::string text = error.what();
  const size_t start = text.find("--");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_first_of(": =", start) - start);
}

std::string MessageOf(const CLI::ParseError& error) {
  const absl::string_view text = error.what();
  const std::string option = OptionIn(error);
  if (absl::StartsWith(text, "Could not convert: ")) {
    return NeitherTrueNorFalse(text, option);
  }
  // `--store: 1 required DIR missing`
  if (absl::StrContains(text, ": 1 required ") &&
      absl::EndsWith(text, " missing")) {
    return NeedsValue(option);
  }
  // `--store: At Most 1 required but received 2`
  if (absl::StrContains(text, ": At Most 1 required ")) {
    return absl::StrCat("The option \"", option, "\" has more than one value.");
  }
  return std::string(text);
}

}  // namespace dissectd::server
