// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/completion_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "clients/cli/completion/shell_scripts.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/option_helpers.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

void AddCompletionCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "completion", "Print a script that lets a shell complete words");
  const auto shell = std::make_shared<std::string>();
  AddOperand(command, "SHELL", shell.get(), "The shell: bash|fish|zsh")
      ->check(CLI::Validator(CLI::IsMember(ShellNames())).description(""));
  AddExamples(
      command,
      {"dissectctl completion bash > dissectctl",
       "mkdir -p ~/.local/share/bash-completion/completions",
       "mv dissectctl ~/.local/share/bash-completion/completions/",
       "mkdir -p ~/.config/fish/completions", "cd ~/.config/fish/completions",
       "dissectctl completion fish > dissectctl.fish",
       "dissectctl completion zsh"});
  command->callback([shell, action] {
    *action = [shell](const std::shared_ptr<grpc::Channel>&) {
      std::fputs(ShellScript(*shell).c_str(), stdout);
      return kExitOk;
    };
  });
}

}  // namespace dissectd::cli
