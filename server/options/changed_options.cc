// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/changed_options.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dissectd::server {
namespace {

// Returns whether an option that was given has its default value. The library
// writes a default list of one value with or without brackets.
bool HasDefault(const CLI::Option& given, CLI::Option* option) {
  const std::string values = absl::StrJoin(given.results(), ",");
  const bool is_flag = given.get_expected_min() == 0;
  if (is_flag) return values == "false";
  option->capture_default_str();
  const std::string text = option->get_default_str();
  return text == values || text == absl::StrCat("[", values, "]");
}

}  // namespace

std::vector<ChangedOption> ChangedOptions(const CLI::App& parsed,
                                          CLI::App* defaults) {
  std::vector<ChangedOption> changed;
  for (const CLI::Option* given : parsed.get_options()) {
    if (given->empty()) continue;
    const std::string name = given->get_name();
    if (HasDefault(*given, defaults->get_option(name))) continue;
    // The name without its hyphens.
    changed.push_back({given->get_single_name(), given->results()});
  }
  std::sort(changed.begin(), changed.end(),
            [](const ChangedOption& a, const ChangedOption& b) {
              return a.name < b.name;
            });
  return changed;
}

}  // namespace dissectd::server
