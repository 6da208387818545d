// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/lua_options.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/local_file.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kScript = "lua_script";

// The scripts and their arguments as given.
struct GivenScripts {
  std::vector<std::string> paths;
  // By the position of the script, from 1.
  std::map<size_t, std::vector<std::string>> arguments;
};

// Reads `lua_script:FILE` and `lua_scriptN:ARGUMENT`.
absl::StatusOr<GivenScripts> Parse(const std::vector<std::string>& raw) {
  GivenScripts given;
  for (const std::string& extension : raw) {
    absl::string_view rest = extension;
    const size_t colon = rest.find(':');
    size_t position = 0;
    if (colon == absl::string_view::npos ||
        !absl::ConsumePrefix(&rest, kScript)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "-X takes lua_script:FILE and lua_script1:ARGUMENT, not \"",
          extension, "\""));
    }
    const absl::string_view number = rest.substr(0, rest.find(':'));
    std::string value(extension.substr(colon + 1));
    if (number.empty()) {
      given.paths.push_back(std::move(value));
    } else if (absl::SimpleAtoi(number, &position)) {
      given.arguments[position].push_back(std::move(value));
    }
  }
  return given;
}

bool HasScript(const v1::DissectionOptions& dissection,
               const std::string& name) {
  return std::any_of(
      dissection.lua_scripts().begin(), dissection.lua_scripts().end(),
      [&](const v1::LuaScript& script) { return script.name() == name; });
}

// Returns the name of a script, which no other has.
std::string NameFor(const std::string& path,
                    const v1::DissectionOptions& dissection) {
  const std::string base = BaseName(path);
  std::string name = base;
  for (size_t number = 1; HasScript(dissection, name); ++number) {
    name = absl::StrCat(number, "-", base);
  }
  return name;
}

}  // namespace

void AddLuaOptions(CLI::App* command, std::vector<std::string>* raw) {
  AddList(command, "-X", raw,
          "Script in Lua to run, lua_script:FILE, if the daemon's operator "
          "allows it; lua_script1:ARGUMENT is for the first one")
      ->type_name("EXTENSION")
      ->group("Processing");
  AllowAnyBytes(*command, {"-X"});
}

absl::Status ReadLuaScripts(const std::vector<std::string>& raw,
                            MissingKeys missing,
                            v1::DissectionOptions* dissection) {
  ASSIGN_OR_RETURN(const GivenScripts given, Parse(raw));
  for (size_t i = 0; i < given.paths.size(); ++i) {
    const std::string& path = given.paths[i];
    if (missing == MissingKeys::kIgnoreAsTshark &&
        access(path.c_str(), F_OK) != 0) {
      PrintError(absl::StrCat("The file \"", path, "\" doesn't exist."));
      continue;
    }
    const size_t used = std::min(dissection->ByteSizeLong(), kMaxSentBytes);
    ASSIGN_OR_RETURN(std::string content,
                     ReadSmallFile(path, "a script", kMaxSentBytes - used));
    const std::string name = NameFor(path, *dissection);
    v1::LuaScript* script = dissection->add_lua_scripts();
    script->set_name(name);
    script->set_content(std::move(content));
    const auto arguments = given.arguments.find(i + 1);
    if (arguments == given.arguments.end()) continue;
    for (const std::string& argument : arguments->second) {
      script->add_arguments(ReplaceInvalidUtf8(argument));
    }
  }
  return absl::OkStatus();
}

}  // namespace dissectd::cli
