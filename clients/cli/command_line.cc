// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/command_line.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "clients/cli/capinfos_command.h"
#include "clients/cli/capture_command.h"
#include "clients/cli/captures_command.h"
#include "clients/cli/command_action.h"
#include "clients/cli/completion/complete.h"
#include "clients/cli/completion/completion_command.h"
#include "clients/cli/connection/config_command.h"
#include "clients/cli/connection/connection.h"
#include "clients/cli/connection/connection_options.h"
#include "clients/cli/connection_error.h"
#include "clients/cli/debug_command.h"
#include "clients/cli/empty_value.h"
#include "clients/cli/error_text.h"
#include "clients/cli/files_command.h"
#include "clients/cli/filter_command.h"
#include "clients/cli/fleet/fleet_command.h"
#include "clients/cli/follow_command.h"
#include "clients/cli/frame_command.h"
#include "clients/cli/glossary_command.h"
#include "clients/cli/health_command.h"
#include "clients/cli/help_formatter.h"
#include "clients/cli/info_command.h"
#include "clients/cli/interfaces_command.h"
#include "clients/cli/merge_command.h"
#include "clients/cli/objects_command.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/parse_error_text.h"
#include "clients/cli/policy_command.h"
#include "clients/cli/read_command.h"
#include "clients/cli/reports_command.h"
#include "clients/cli/server_address.h"
#include "clients/cli/session_command.h"
#include "clients/cli/split_command.h"
#include "clients/cli/stat_command.h"
#include "clients/cli/tls_secrets_command.h"
#include "clients/cli/token_command.h"
#include "clients/cli/version.h"
#include "clients/cli/write_command.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {
namespace {

// The commands that make no call.
constexpr const char* kLocalCommands[] = {"completion", "config", "token"};

// Lists the command in the help. It never gets here as the first word, as its
// arguments are tshark's.
void AddTsharkCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "tshark", "Take the command line of tshark, and do the same");
  command->prefix_command();
  command->callback([action] {
    *action = [](const std::shared_ptr<grpc::Channel>&) {
      PrintError(
          "\"tshark\" must be the first word; the variable DISSECTD_SERVER "
          "has the daemon's address.");
      return kExitBadOption;
    };
  });
}

void AddCommands(CLI::App* program, Action* action) {
  AddReadCommand(program, action);
  AddFilesCommand(program, action);
  AddCaptureCommand(program, action);
  AddInterfacesCommand(program, action);
  AddCapturesCommands(program, action);
  AddFleetCommand(program, action);
  AddGlossaryCommand(program, action);
  AddFilterCommand(program, action);
  AddCapinfosCommand(program, action);
  AddWriteCommand(program, action);
  AddMergeCommand(program, action);
  AddSplitCommand(program, action);
  AddStatCommand(program, action);
  AddReportsCommand(program, action);
  AddSessionCommand(program, action);
  AddFrameCommand(program, action);
  AddFollowCommand(program, action);
  AddObjectsCommand(program, action);
  AddTlsSecretsCommand(program, action);
  AddInfoCommand(program, action);
  AddHealthCommand(program, action);
  AddDebugCommand(program, action);
  AddConfigCommand(program, action);
  AddPolicyCommand(program, action);
  AddTokenCommand(program, action);
  AddCompletionCommand(program, action);
  AddTsharkCommand(program, action);
}

bool MakesNoCall(const CLI::App& program) {
  return std::any_of(
      std::begin(kLocalCommands), std::end(kLocalCommands),
      [&](const char* name) { return program.got_subcommand(name); });
}

// Connects to the daemon or the fleet that the user chose, and runs the
// command.
ExitCode Run(const ConnectionChoice& choice, ServerKind kind,
             const Action& action) {
  absl::StatusOr<ConnectionOptions> options = ResolveConnection(choice, kind);
  absl::StatusOr<Connection> connection =
      options.ok() ? Connect(*options)
                   : absl::StatusOr<Connection>(options.status());
  if (!connection.ok()) {
    PrintError(connection.status().message());
    return kExitBadOption;
  }
  SetServer(connection->server, connection->transport, kind);
  return action(connection->channel);
}

// Returns the arguments after the program's name. `help COMMAND` stands for
// `COMMAND --help`.
std::vector<std::string> Arguments(int argc, char** argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  return arguments;
}

// Ends the arguments with the first option that has an empty value, `--NAME=`,
// and returns that option without `=`; empty if there is none.
std::string CutAtEmptyValue(std::vector<std::string>* arguments) {
  // What follows `--` is no option.
  const auto end = std::find(arguments->begin(), arguments->end(), "--");
  const auto found = std::find_if(arguments->begin(), end, HasEmptyValue);
  if (found == end) return "";
  found->pop_back();
  std::string option = *found;
  arguments->erase(std::next(found), arguments->end());
  return option;
}

// Parses the arguments. Throws CLI::ParseError.
void Parse(std::vector<std::string> arguments, CLI::App* program) {
  const std::string without_value = CutAtEmptyValue(&arguments);
  // The parser takes the last argument first.
  std::reverse(arguments.begin(), arguments.end());
  program->parse(std::move(arguments));
  if (!without_value.empty()) {
    throw CLI::ArgumentMismatch(without_value + ": 1 required VALUE missing");
  }
}

}  // namespace

std::unique_ptr<CLI::App> MakeProgram(ConnectionChoice* choice,
                                      Action* action) {
  auto program = std::make_unique<CLI::App>(
      "Client of dissectd: Wireshark's dissection over the network",
      "dissectctl");
  program->require_subcommand(1);
  program->set_version_flag("--version", "dissectctl " + std::string(kVersion));
  program->formatter(std::make_shared<HelpFormatter>());
  AddCommands(program.get(), action);
  AddExamples(program.get(),
              {"dissectctl files list",
               "dissectctl read dns.pcap -Y 'dns.flags.response == 1'",
               "dissectctl capture -i lo -c 10", "dissectctl help read"});
  AddConnectionOptions(program.get(), choice);
  RequireUtf8(program.get());
  return program;
}

ExitCode RunCommandLine(int argc, char** argv) {
  ConnectionChoice choice;
  Action action;
  const std::unique_ptr<CLI::App> made = MakeProgram(&choice, &action);
  CLI::App& program = *made;
  std::vector<std::string> arguments = Arguments(argc, argv);
  if (!arguments.empty() && arguments.front() == kCompleteArgument) {
    arguments.erase(arguments.begin());
    PrintCandidates(program, arguments);
    return kExitOk;
  }
  try {
    Parse(std::move(arguments), &program);
  } catch (const CLI::ParseError& error) {
    // CLI11 also throws this to print help, which is not an error.
    if (error.get_exit_code() == 0 && !HasWrongCommand(program)) {
      program.exit(error);
      return kExitOk;
    }
    PrintError(ParseErrorText(program, error));
    return program.got_subcommand("policy") ? kExitWrongQuestion
                                            : kExitBadOption;
  }
  if (MakesNoCall(program)) return action(nullptr);
  return Run(choice,
             program.got_subcommand(kFleetCommand) ? ServerKind::kFleet
                                                   : ServerKind::kDaemon,
             action);
}

}  // namespace dissectd::cli
