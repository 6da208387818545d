// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/tshark_command.h"

#include <csignal>
#include <cstdio>

#include "absl/strings/string_view.h"
#include "clients/cli/command_line.h"
#include "clients/cli/error_text.h"
#include "clients/cli/tshark/dumpcap_arguments.h"
#include "clients/cli/tshark/help.h"
#include "clients/cli/tshark/plan.h"

namespace dissectd::cli::tshark {
namespace {

constexpr char kName[] = "tshark";
constexpr char kDumpcapName[] = "dumpcap";

// Returns whether the command line is `dissectctl help tshark`.
bool IsHelpCommand(int argc, char** argv) {
  return argc == 3 && absl::string_view(argv[1]) == "help" &&
         absl::string_view(argv[2]) == kName;
}

ExitCode RunCommand(std::vector<std::string> words) {
  words.insert(words.begin(), "dissectctl");
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return RunCommandLine(static_cast<int>(words.size()), argv.data());
}

ExitCode RunPlan(const Plan& plan) {
  if (!plan.error.empty()) PrintError(plan.error);
  if (plan.usage) std::fputs(HelpText().c_str(), stderr);
  if (plan.wrong) return kExitBadOption;
  std::fputs(plan.text.c_str(), stdout);
  for (const std::vector<std::string>& command : plan.commands) {
    const ExitCode code = RunCommand(command);
    if (code != kExitOk) return code;
  }
  return kExitOk;
}

}  // namespace

std::optional<CommandLine> TsharkCommandLine(int argc, char** argv) {
  if (argc == 0) return std::nullopt;
  absl::string_view program = argv[0];
  program.remove_prefix(program.rfind('/') + 1);
  int first = 1;
  CommandLine line;
  line.is_dumpcap = program == kDumpcapName;
  if (program != kName && !line.is_dumpcap) {
    if (IsHelpCommand(argc, argv)) return CommandLine{false, {"-h"}};
    if (argc < 2 || absl::string_view(argv[1]) != kName) return std::nullopt;
    first = 2;
  }
  line.arguments.assign(argv + first, argv + argc);
  return line;
}

ExitCode RunTshark(const CommandLine& line) {
  // tshark, too, exits as if the reader of a list were still there.
  std::signal(SIGPIPE, SIG_IGN);
  SetProgramName(line.is_dumpcap ? kDumpcapName : kName);
  if (!line.is_dumpcap) return RunPlan(MakePlan(line.arguments));
  const auto arguments = FromDumpcapArguments(line.arguments);
  if (arguments.ok()) return RunPlan(MakePlan(*arguments));
  PrintError(arguments.status().message());
  return kExitBadOption;
}

}  // namespace dissectd::cli::tshark
