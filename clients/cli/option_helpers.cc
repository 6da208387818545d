// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/option_helpers.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

CLI::Option* AddOperand(CLI::App* command, const std::string& name,
                        std::string* value, const std::string& help) {
  // The name says what the value is.
  return command->add_option(name, *value, help)->required()->type_name("");
}

CLI::Validator NotEmpty() {
  return CLI::Validator(
      [](const std::string& value) {
        return std::string(value.empty() ? "the value is empty" : "");
      },
      "");
}

void AddNoHeaders(CLI::App* command, bool* value) {
  command->add_flag("--no-headers", *value,
                    "Print the rows of tables without heads");
}

void AddExamples(CLI::App* command, const std::vector<std::string>& lines) {
  std::string footer = command->get_footer();
  if (!footer.empty()) footer += "\n\n";
  command->footer(
      absl::StrCat(footer, "Examples:\n  ", absl::StrJoin(lines, "\n  ")));
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

CLI::Validator NumberFrom(double min, double max) {
  return CLI::Validator(
      [min, max](const std::string& text) {
        double number = 0;
        const bool is_valid =
            absl::SimpleAtod(text, &number) && number >= min && number <= max;
        return is_valid ? std::string()
                        : absl::StrCat("\"", text, "\" isn't a number from ",
                                       min, " to ", max);
      },
      "");
}

bool IsGiven(const CLI::App& command, const std::string& name) {
  return command.get_option(name)->count() > 0;
}

std::string GivenOfGroup(const CLI::App& command, absl::string_view group) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() > 0 && option->get_group() == group) {
      return option->get_name();
    }
  }
  return std::string();
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
