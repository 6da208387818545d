// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/health_check.h"

#include <google/protobuf/wrappers.pb.h>

#include <utility>

#include "absl/synchronization/notification.h"
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

}  // namespace

grpc::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& service,
                         std::chrono::milliseconds timeout, bool* serves) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  Request request;
  request.set_value(service);
  Response response;
  HealthStub stub(channel);
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, kCheck, {}, &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  *serves = response.value() == kServing;
  return status;
}

}  // namespace dissectd::cli
