// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/health_command.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/error_text.h"
#include "clients/cli/health_check.h"
#include "clients/cli/option_helpers.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {
namespace {

struct HealthOptions {
  std::string service;
  double timeout_seconds = 5;
};

ExitCode RunHealth(const std::shared_ptr<grpc::Channel>& channel,
                   const HealthOptions& options) {
  const std::chrono::milliseconds timeout(
      static_cast<int64_t>(options.timeout_seconds * 1000));
  bool serves = false;
  const grpc::Status status =
      CheckHealth(channel, options.service, timeout, &serves);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    PrintError(
        absl::StrCat("The daemon has no service \"", options.service, "\"."));
    return kExitUnhealthy;
  }
  if (!status.ok()) {
    ReportStatus(status);
    return kExitUnhealthy;
  }
  std::puts(HealthText(serves));
  return serves ? kExitOk : kExitUnhealthy;
}

}  // namespace

void AddHealthCommand(CLI::App* program, Action* action) {
  CLI::App* command =
      program->add_subcommand("health", "Tell whether the daemon is ready");
  const auto options = std::make_shared<HealthOptions>();
  command
      ->add_option("SERVICE", options->service,
                   "The service, for example dissectd.v1.FileService; by "
                   "default the whole daemon")
      ->type_name("");
  command
      ->add_option("--timeout", options->timeout_seconds,
                   "Time that the daemon has to answer")
      ->type_name("SECONDS")
      ->check(NumberFrom(0.1, 3600))
      ->capture_default_str();
  AddExamples(command, {"dissectctl health",
                        "dissectctl health dissectd.v1.FileService"});
  command->callback([options, action] {
    *action = [options](const std::shared_ptr<grpc::Channel>& channel) {
      return RunHealth(channel, *options);
    };
  });
}

}  // namespace dissectd::cli
