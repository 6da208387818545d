// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/word_completion.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/completion/command_place.h"
#include "clients/cli/completion/daemon_candidates.h"
#include "clients/cli/completion/fleet_candidates.h"
#include "clients/cli/completion/help_values.h"
#include "clients/cli/completion/value_source.h"
#include "clients/cli/connection/connection.h"
#include "clients/cli/connection/connection_options.h"
#include "clients/cli/connection/contexts.h"
#include "clients/cli/empty_value.h"
#include "clients/cli/help_formatter.h"
#include "clients/cli/server_address.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {
namespace {

constexpr char kHelpCommand[] = "help";

Candidates CommandNames(const CLI::App& parent) {
  Candidates found;
  for (const CLI::App* command :
       parent.get_subcommands([](const CLI::App*) { return true; })) {
    found.Add(command->get_name(), command->get_description());
  }
  return found;
}

Candidates OptionNames(const CLI::App& command) {
  Candidates found;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty() || option->get_group() == kHiddenGroup) {
      continue;
    }
    for (const std::string& name : option->get_lnames()) {
      found.Add(absl::StrCat("--", name), option->get_description());
    }
    for (const std::string& name : option->get_snames()) {
      found.Add(absl::StrCat("-", name), option->get_description());
    }
  }
  return found;
}

Candidates ContextNames() {
  Candidates found;
  const absl::StatusOr<Contexts> contexts = Contexts::Load();
  if (!contexts.ok()) return found;
  for (const auto& [name, options] : contexts->all()) {
    found.Add(name, options.server);
  }
  return found;
}

// Returns a channel to the server that the options name; null if they are
// wrong.
std::shared_ptr<grpc::Channel> ChannelOf(std::vector<std::string> given,
                                         ServerKind kind) {
  CLI::App options;
  options.set_help_flag();
  options.allow_extras();
  ConnectionChoice choice;
  AddConnectionOptions(&options, &choice);
  given.erase(std::remove_if(given.begin(), given.end(), HasEmptyValue),
              given.end());
  // The parser takes the last argument first.
  std::reverse(given.begin(), given.end());
  try {
    options.parse(std::move(given));
  } catch (const CLI::ParseError&) {
    return nullptr;
  }
  const absl::StatusOr<ConnectionOptions> resolved =
      ResolveConnection(choice, kind);
  if (!resolved.ok()) return nullptr;
  const absl::StatusOr<Connection> connection = Connect(*resolved);
  return connection.ok() ? connection->channel : nullptr;
}

Candidates Values(const CommandPlace& place) {
  Candidates found;
  const ValueSource source = SourceOf(place);
  switch (source) {
    case ValueSource::kNone:
      return found;
    case ValueSource::kHelp:
      for (std::string& value : HelpValues(*place.option)) {
        found.Add(std::move(value));
      }
      return found;
    case ValueSource::kLocalFiles:
      found.kind = Candidates::Kind::kLocalFiles;
      return found;
    case ValueSource::kContexts:
      return ContextNames();
    default:
      break;
  }
  const bool is_of_fleet = IsOfFleet(source);
  const std::shared_ptr<grpc::Channel> channel = ChannelOf(
      place.given, is_of_fleet ? ServerKind::kFleet : ServerKind::kDaemon);
  if (channel == nullptr) return found;
  return is_of_fleet ? FleetCandidates(channel, source)
                     : DaemonCandidates(channel, source, place.typed);
}

// Keeps the candidates that continue what was typed, and puts the beginning of
// the word before them.
void FitToWord(const CommandPlace& place, Candidates* candidates) {
  std::vector<Candidate>& list = candidates->list;
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const Candidate& candidate) {
                              return !absl::StartsWith(candidate.text,
                                                       place.typed);
                            }),
             list.end());
  for (Candidate& candidate : list) candidate.text.insert(0, place.before);
}

}  // namespace

Candidates CompleteWord(const CLI::App& program,
                        std::vector<std::string> words) {
  if (words.front() == "tshark" && words.size() > 1) {
    Candidates files;
    files.kind = Candidates::Kind::kLocalFiles;
    return files;
  }
  const bool is_help = words.front() == kHelpCommand && words.size() > 1;
  if (is_help) words.erase(words.begin());
  const CommandPlace place = FindPlace(program, words);
  Candidates found;
  if (place.is_option_name) {
    found = OptionNames(*place.command);
  } else if (is_help || place.option == nullptr) {
    found = CommandNames(*place.command);
    if (!is_help && place.command == &program) {
      found.Add(kHelpCommand, "Describe a command, with examples");
    }
  } else {
    found = Values(place);
  }
  FitToWord(place, &found);
  return found;
}

}  // namespace dissectd::cli
