// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/value_source.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/completion/help_values.h"

namespace dissectd::cli {
namespace {

// Empty columns fit everything, but without `value` a row is about operands.
// The first row that fits counts.
struct Row {
  // The command, or that above it.
  absl::string_view command;
  // One of the names of an option, or the name of an operand.
  absl::string_view option;
  // What the help calls the value of an option.
  absl::string_view value;
  ValueSource source;
};

constexpr Row kRows[] = {
    {"capture", "-f", "FILTER", ValueSource::kNone},
    {"capture", "FILTER", "", ValueSource::kNone},
    {"capture", "-w", "FILE", ValueSource::kNone},
    {"fleet", "", "NODE", ValueSource::kNodes},
    {"fleet", "CAPTURE", "", ValueSource::kNodeCaptures},
    {"fleet", "", "INTERFACE", ValueSource::kNodeInterfaces},
    {"glossary", "-C", "NAME", ValueSource::kProfiles},
    {"use-context", "NAME", "", ValueSource::kContexts},
    {"set-context", "NAME", "", ValueSource::kContexts},
    {"delete-context", "NAME", "", ValueSource::kContexts},
    {"split", "--stream", "PROTOCOL", ValueSource::kFollowers},
    {"follow", "--follower", "PROTOCOL", ValueSource::kFollowers},
    {"", "--context", "NAME", ValueSource::kContexts},
    {"", "--profile", "NAME", ValueSource::kProfiles},
    {"", "--enable-heuristic", "NAME", ValueSource::kHeuristics},
    {"", "--disable-heuristic", "NAME", ValueSource::kHeuristics},
    {"", "--type", "PROTOCOL", ValueSource::kObjectTypes},
    {"", "-F", "TYPE", ValueSource::kFileTypes},
    {"", "-o", "NAME:VALUE", ValueSource::kPreferences},
    {"", "", "FILTER", ValueSource::kDisplayFilter},
    {"", "FILTER", "", ValueSource::kDisplayFilter},
    {"", "WORD", "", ValueSource::kDisplayFilter},
    {"", "", "FIELD", ValueSource::kField},
    {"", "", "PROTOCOL", ValueSource::kProtocols},
    {"", "", "PROTOCOLS", ValueSource::kProtocols},
    {"", "", "REPORT", ValueSource::kReports},
    {"", "", "INTERFACE", ValueSource::kInterfaces},
    {"", "", "SESSION", ValueSource::kSessions},
    {"", "SESSION", "", ValueSource::kSessions},
    {"", "CAPTURE", "", ValueSource::kCaptures},
    {"", "", "FILE", ValueSource::kLocalFiles},
    {"", "", "DIR", ValueSource::kLocalFiles},
    {"", "PATH", "", ValueSource::kLocalFiles},
    {"", "PREFIX", "", ValueSource::kStoredFiles},
    {"", "FILE", "", ValueSource::kStoredFiles},
};

// Whether a command, or that above it, has a name.
bool IsIn(const CLI::App& command, absl::string_view name) {
  return command.get_name() == name ||
         (command.get_parent() != nullptr &&
          command.get_parent()->get_name() == name);
}

bool Fits(const Row& row, const CommandPlace& place) {
  const CLI::Option& option = *place.option;
  return (row.command.empty() || IsIn(*place.command, row.command)) &&
         (row.option.empty() || option.check_name(std::string(row.option))) &&
         (row.value.empty() ? option.get_positional()
                            : row.value == ValueName(option));
}

}  // namespace

ValueSource SourceOf(const CommandPlace& place) {
  if (!HelpValues(*place.option).empty()) return ValueSource::kHelp;
  const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& r) { return Fits(r, place); });
  if (row == std::end(kRows)) return ValueSource::kNone;
  const bool is_local = row->source == ValueSource::kStoredFiles &&
                        std::find(place.given.begin(), place.given.end(),
                                  "--local") != place.given.end();
  return is_local ? ValueSource::kLocalFiles : row->source;
}

}  // namespace dissectd::cli
