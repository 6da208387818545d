// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/option_helpers.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

// CLI11's options can't hold user data.
absl::flat_hash_set<const CLI::Option*>* OptionsOfAnyBytes() {
  static auto* options = new absl::flat_hash_set<const CLI::Option*>();
  return options;
}

// Returns the error in a value; empty if there is none.
std::string Utf8Problem(absl::string_view value) {
  return IsValidUtf8(value) ? std::string()
                            : absl::StrCat("\"", value, "\" isn't valid UTF-8");
}

}  // namespace

CLI::Option* AddList(CLI::App* command, const std::string& names,
                     std::vector<std::string>* values,
                     const std::string& help) {
  return command->add_option(names, *values, help)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* AddValue(CLI::App* command, const std::string& names,
                      std::string* value, const std::string& help) {
  return command->add_option(names, *value, help)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void AllowAnyBytes(const CLI::App& command,
                   std::initializer_list<const char*> names) {
  for (const char* name : names) {
    OptionsOfAnyBytes()->insert(command.get_option(name));
  }
}

void RequireUtf8(CLI::App* program) {
  for (CLI::Option* option : program->get_options()) {
    if (OptionsOfAnyBytes()->contains(option)) continue;
    option->check(CLI::Validator(
        [](const std::string& value) { return Utf8Problem(value); }, ""));
  }
  const auto all = [](const CLI::App*) { return true; };
  for (CLI::App* command : program->get_subcommands(all)) RequireUtf8(command);
}

absl::Status CheckServerName(absl::string_view name) {
  const std::string problem = Utf8Problem(name);
  if (problem.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(problem, ", as names on the server are."));
}

bool IsGiven(const CLI::App& command, const std::string& name) {
  return command.get_option(name)->count() > 0;
}

std::string LastOf(const CLI::App& command, const std::string& a,
                   const std::string& b) {
  std::string last;
  for (const CLI::Option* option : command.parse_order()) {
    if (option->check_name(a)) last = a;
    if (option->check_name(b)) last = b;
  }
  return last;
}

}  // namespace dissectd::cli
