// SPDX-License-Identifier: GPL-2.0-or-later

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/options/options.h"

namespace dissectd::server {
namespace {

// Returns a check that a value is one of those given.
CLI::Validator OneOf(const std::vector<std::string>& values) {
  return CLI::Validator(
      [values](const std::string& value) {
        return std::find(values.begin(), values.end(), value) != values.end()
                   ? std::string()
                   : absl::StrCat("\"", value, "\" isn't one of ",
                                  absl::StrJoin(values, ", "));
      },
      "");
}

}  // namespace

void AddLogOptions(CLI::App* app, LogOptions* log, std::string* format) {
  app->add_option("--log-level", log->level,
                  "Least severe messages to log: trace, debug, info, warn or "
                  "error")
      ->check(OneOf({"trace", "debug", "info", "warn", "error"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app->add_option("--log-format", *format, "Format of log lines: text or json")
      ->check(OneOf({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
}

LogFormat LogFormatOf(const std::string& text) {
  return text == "json" ? LogFormat::kJson : LogFormat::kText;
}

}  // namespace dissectd::server
