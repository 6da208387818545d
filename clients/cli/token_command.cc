// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/token_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/token_line.h"

namespace dissectd::cli {
namespace {

// The options of `dissectctl token create`.
struct TokenOptions {
  std::string name;
  std::vector<std::string> groups;
  std::string expires;
  std::string append;
};

// The token is the only thing on standard output, so that a shell can take it.
absl::Status Create(const TokenOptions& options) {
  absl::Time expiry = absl::InfiniteFuture();
  if (!options.expires.empty()) {
    ASSIGN_OR_RETURN(expiry, ParseExpiry(options.expires, absl::Now()));
  }
  ASSIGN_OR_RETURN(const std::string token, NewToken());
  ASSIGN_OR_RETURN(const std::string line,
                   TokenLine(token, options.name, options.groups, expiry));
  if (options.append.empty()) {
    std::fprintf(stderr, "The line for the daemon's file of tokens:\n%s\n",
                 line.c_str());
  } else {
    RETURN_IF_ERROR(AppendLine(options.append, line));
  }
  std::puts(token.c_str());
  return absl::OkStatus();
}

void AddCreate(CLI::App* token, Action* action) {
  CLI::App* command = token->add_subcommand(
      "create", "Make a token for a caller, and print it");
  const auto options = std::make_shared<TokenOptions>();
  AddOperand(command, "NAME", &options->name, "Name of the caller");
  AddList(command, "--group", &options->groups,
          "Group that the caller is in; may be repeated")
      ->type_name("GROUP");
  AddValue(command, "--expires", &options->expires,
           "When the token expires: after 12h, 90d or 4w, or at a time such as "
           "2030-12-31T00:00:00Z; never by default")
      ->type_name("TIME");
  AddValue(command, "--append", &options->append,
           "Add the line with the token's hash to this file, the daemon's "
           "--token-file, instead of printing it to standard error")
      ->type_name("FILE");
  AllowAnyBytes(*command, {"--append"});
  AddExamples(command,
              {"dissectctl token create alice --group analysts --expires 90d",
               "dissectctl token create alice --append tokens > alice.token",
               "cat tokens"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>&) {
      const absl::Status status = Create(*options);
      if (status.ok()) return kExitOk;
      PrintError(status.message());
      return kExitBadOption;
    };
  });
}

}  // namespace

void AddTokenCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("token", "Make tokens for callers of a daemon");
  command->require_subcommand(1);
  AddCreate(command, action);
  AddExamples(command, {"dissectctl token create alice --expires 90d"});
}

}  // namespace dissectd::cli
