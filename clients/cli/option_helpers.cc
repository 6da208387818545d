// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/option_helpers.h"

namespace dissectd::cli {

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
