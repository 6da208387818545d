// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/health_command.h"

#include <google/protobuf/wrappers.pb.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace dissectd::cli {
namespace {

// Debian has no health.proto. On the wire, its HealthCheckRequest is a message
// whose only field, number 1, is a string, and HealthCheckResponse one whose
// only field, number 1, is an enum: the layouts of these two.
using Request = google::protobuf::StringValue;
using Response = google::protobuf::Int32Value;
using HealthStub = grpc::TemplatedGenericStub<Request, Response>;

constexpr char kCheck[] = "/grpc.health.v1.Health/Check";

// The value of HealthCheckResponse.ServingStatus of that name.
constexpr int kServing = 1;

struct HealthOptions {
  std::string service;
  double timeout_seconds = 5;
};

grpc::Status Check(const std::shared_ptr<grpc::Channel>& channel,
                   const HealthOptions& options, Response* response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(static_cast<int64_t>(
                           options.timeout_seconds * 1000)));
  Request request;
  request.set_value(options.service);
  HealthStub stub(channel);
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, kCheck, {}, &request, response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  return status;
}

ExitCode RunHealth(const std::shared_ptr<grpc::Channel>& channel,
                   const HealthOptions& options) {
  Response response;
  const grpc::Status status = Check(channel, options, &response);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    PrintError(
        absl::StrCat("The daemon has no service \"", options.service, "\"."));
    return kExitUnhealthy;
  }
  if (!status.ok()) {
    ReportStatus(status);
    return kExitUnhealthy;
  }
  const bool serves = response.value() == kServing;
  std::puts(serves ? "SERVING" : "NOT_SERVING");
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
