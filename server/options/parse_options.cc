// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/parse_options.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/empty_value.h"
#include "clients/cli/help_formatter.h"
#include "server/options/option_errors.h"
#include "server/options/option_file.h"

namespace dissectd::server {
namespace {

// Returns the message about the first argument that the parser doesn't know.
std::string UnknownArgument(const CLI::App& app) {
  const std::string argument = app.remaining().front();
  const std::string name = argument.substr(0, argument.find('='));
  if (name.size() < 2 || name[0] != '-') {
    return absl::StrCat("There is no argument \"", name, "\".");
  }
  return UnknownOption(app, name);
}

// Returns the error in an argument `--NAME=`, for which the parser would take
// the next argument as the value; empty if there is none.
std::string CheckForEmptyArguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const absl::string_view argument = argv[i];
    if (cli::HasEmptyValue(argument)) {
      return NeedsValue(argument.substr(0, argument.size() - 1));
    }
  }
  return "";
}

// Returns the error in an option whose value is empty, as it can be in a file;
// empty if there is none. It would turn off what the operator meant to turn on.
std::string CheckForEmptyValues(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::vector<std::string>& values = option->results();
    if (std::find(values.begin(), values.end(), "") != values.end()) {
      return NeedsValue(option->get_name());
    }
  }
  return "";
}

// Returns the message about an error of the parser, with its place if it is in
// a file.
std::string PlacedMessageOf(const CLI::ParseError& error, const CLI::App& app,
                            const OptionFile& file) {
  std::string place;
  if (const size_t line = file.LineOf(OptionIn(error)); line > 0) {
    place = absl::StrCat("line ", line, ": ");
  }
  const bool is_in_file =
      !place.empty() ||
      dynamic_cast<const CLI::ConfigError*>(&error) != nullptr;
  const std::string path =
      is_in_file
          ? absl::StrCat("\"", app.get_option("--config")->as<std::string>(),
                         "\", ")
          : "";
  return absl::StrCat(path, place, MessageOf(error));
}

int Fail(const CLI::App& app, absl::string_view message) {
  std::fprintf(stderr, "%s: %s\nSee \"%s --help\".\n", app.get_name().c_str(),
               std::string(message).c_str(), app.get_name().c_str());
  return 2;
}

}  // namespace

void AddCommonOptions(CLI::App* app, absl::string_view version) {
  app->formatter(std::make_shared<cli::HelpFormatter>());
  app->set_version_flag("--version",
                        absl::StrCat(app->get_name(), " ", version));
  app->set_config("--config", "", "File with these options as NAME = VALUE")
      ->check(CLI::Validator(CheckReadable, ""))
      ->type_name("FILE");
}

std::optional<int> ParseOptions(CLI::App* app, int argc, char** argv,
                                const std::function<void()>& check) {
  const auto file = std::make_shared<OptionFile>(app);
  app->config_formatter(file);
  app->allow_config_extras(CLI::config_extras_mode::error);
  const std::string empty_argument = CheckForEmptyArguments(argc, argv);
  if (!empty_argument.empty()) return Fail(*app, empty_argument);
  try {
    app->parse(argc, argv);
    const std::string empty_value = CheckForEmptyValues(*app);
    if (!empty_value.empty()) return Fail(*app, empty_value);
    // The parser would report what is missing before wrong options, which are
    // often the reason.
    check();
  } catch (const CLI::ExtrasError&) {
    return Fail(*app, UnknownArgument(*app));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app->exit(error);
      return EXIT_SUCCESS;
    }
    return Fail(*app, PlacedMessageOf(error, *app, *file));
  }
  return std::nullopt;
}

}  // namespace dissectd::server
