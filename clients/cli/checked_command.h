// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CHECKED_COMMAND_H_
#define CLIENTS_CLI_CHECKED_COMMAND_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/command_action.h"
#include "clients/cli/error_text.h"
#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Makes the command's action check the values that the user typed, `raw`, and
// then run with the options that they stand for. Nothing runs if they are
// wrong.
template <typename Raw, typename Options>
void SetCheckedAction(
    CLI::App* command, const std::shared_ptr<Raw>& raw,
    absl::Status (*check)(const CLI::App& command, const Raw& raw,
                          Options* options),
    ExitCode (*run)(const std::shared_ptr<grpc::Channel>& channel,
                    const Options& options),
    Action* action) {
  command->callback([command, raw, check, run, action] {
    *action = [command, raw, check,
               run](const std::shared_ptr<grpc::Channel>& channel) {
      Options options;
      const absl::Status status = check(*command, *raw, &options);
      if (status.ok()) return run(channel, options);
      PrintError(status.message());
      return kExitBadOption;
    };
  });
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CHECKED_COMMAND_H_
