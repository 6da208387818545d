// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_VALUE_SOURCE_H_
#define CLIENTS_CLI_COMPLETION_VALUE_SOURCE_H_

#include "clients/cli/completion/command_place.h"

namespace dissectd::cli {

// Where the possible values of an option or operand come from.
enum class ValueSource {
  // Nowhere: a number or a text, for example.
  kNone,
  // The option's help, which lists them.
  kHelp,
  kLocalFiles,
  // The user's configuration.
  kContexts,
  // The daemon, as all that follow.
  kStoredFiles,
  kCaptures,
  kSessions,
  kInterfaces,
  kDisplayFilter,
  kField,
  // Protocols, with commas or spaces between.
  kProtocols,
  kHeuristics,
  kProfiles,
  kPreferences,
  kReports,
  kFileTypes,
  // The protocols whose streams can be followed.
  kFollowers,
  // The protocols whose objects can be saved.
  kObjectTypes,
  // The fleet, as all that follow.
  kNodes,
  kNodeCaptures,
  kNodeInterfaces,
};

// Returns the source of the values of `place.option`, which isn't null.
ValueSource SourceOf(const CommandPlace& place);

// Whether a fleet is the source, and not a daemon.
inline bool IsOfFleet(ValueSource source) {
  return source >= ValueSource::kNodes;
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_VALUE_SOURCE_H_
