// SPDX-License-Identifier: GPL-2.0-or-later

#include "absl/strings/str_cat.h"
#include "server/options/options.h"

namespace dissectd::server {

void AddLimit(CLI::App* app, const std::string& name, uint32_t* value,
              uint32_t max, const std::string& help) {
  app->add_option(name, *value, absl::StrCat(help, ", 1 to ", max))
      ->check(CLI::Range(1u, max).description(""))
      ->type_name("N")
      ->capture_default_str();
}

void AddSize(CLI::App* app, const std::string& name, uint64_t* value,
             const std::string& help) {
  app->add_option(name, *value,
                  absl::StrCat(help, ", in bytes or with KB, MB, GB"))
      ->transform(CLI::AsSizeValue(false).description(""))
      ->type_name("SIZE")
      ->capture_default_str();
}

}  // namespace dissectd::server
