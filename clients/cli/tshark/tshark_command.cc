// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tshark/tshark_command.h"

#include <cstdio>

#include "absl/strings/string_view.h"
#include "clients/cli/command_line.h"
#include "clients/cli/error_text.h"
#include "clients/cli/tshark/help.h"
#include "clients/cli/tshark/plan.h"

namespace dissectd::cli::tshark {
namespace {

constexpr char kName[] = "tshark";

ExitCode RunCommand(std::vector<std::string> words) {
  words.insert(words.begin(), "dissectctl");
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  return RunCommandLine(static_cast<int>(words.size()), argv.data());
}

}  // namespace

std::optional<std::vector<std::string>> TsharkArguments(int argc, char** argv) {
  if (argc == 0) return std::nullopt;
  absl::string_view program = argv[0];
  program.remove_prefix(program.rfind('/') + 1);
  int first = 1;
  if (program != kName) {
    if (argc < 2 || absl::string_view(argv[1]) != kName) return std::nullopt;
    first = 2;
  }
  return std::vector<std::string>(argv + first, argv + argc);
}

ExitCode RunTshark(const std::vector<std::string>& arguments) {
  SetProgramName(kName);
  const Plan plan = MakePlan(arguments);
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

}  // namespace dissectd::cli::tshark
