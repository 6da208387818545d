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
  std::string output;
};

// Gives the line to the daemon's file of tokens or, without that, to the user:
// on standard output unless the token is there.
absl::Status GiveLine(const TokenOptions& options, const std::string& line) {
  if (!options.append.empty()) return AppendLine(options.append, line);
  if (!options.output.empty()) {
    std::puts(line.c_str());
  } else {
    std::fprintf(stderr, "The line for the daemon's file of tokens:\n%s\n",
                 line.c_str());
  }
  return absl::OkStatus();
}

// What is on standard output is the token or the line alone, so that a shell
// can take it.
absl::Status Create(const TokenOptions& options) {
  absl::Time expiry = absl::InfiniteFuture();
  if (!options.expires.empty()) {
    ASSIGN_OR_RETURN(expiry, ParseExpiry(options.expires, absl::Now()));
  }
  ASSIGN_OR_RETURN(const std::string token, NewToken());
  ASSIGN_OR_RETURN(const std::string line,
                   TokenLine(token, options.name, options.groups, expiry));
  if (options.output.empty()) {
    RETURN_IF_ERROR(GiveLine(options, line));
    std::puts(token.c_str());
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WritePrivateFile(options.output, token + "\n"));
  absl::Status given = GiveLine(options, line);
  // A token that no daemon takes is no use.
  if (!given.ok()) std::remove(options.output.c_str());
  return given;
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
      ->check(NotEmpty())
      ->type_name("TIME");
  AddValue(command, "--append", &options->append,
           "Add the line with the token's hash to this file, the daemon's "
           "--token-file, instead of printing it")
      ->check(NotEmpty())
      ->type_name("FILE");
  AddValue(command, "--output", &options->output,
           "Write the token to this new file, which only you can read, instead "
           "of printing it")
      ->check(NotEmpty())
      ->type_name("FILE");
  AllowAnyBytes(*command, {"--append", "--output"});
  AddExamples(command,
              {"dissectctl token create alice --group analysts --expires 90d",
               "dissectctl token create alice --append tokens --output "
               "alice.token",
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
