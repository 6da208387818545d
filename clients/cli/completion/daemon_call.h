// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_DAEMON_CALL_H_
#define CLIENTS_CLI_COMPLETION_DAEMON_CALL_H_

#include <chrono>
#include <cstdlib>
#include <memory>

#include "absl/strings/numbers.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Returns how long a user who has pressed a key is kept waiting: a second, or
// what the variable DISSECTD_COMPLETION_SECONDS says.
inline std::chrono::seconds CompletionPatience() {
  const char* variable = std::getenv("DISSECTD_COMPLETION_SECONDS");
  int seconds = 0;
  const bool is_set = variable != nullptr &&
                      absl::SimpleAtoi(variable, &seconds) && seconds > 0;
  return std::chrono::seconds(is_set ? seconds : 1);
}

// Calls a method of a service, and returns an empty response if that fails or
// takes too long.
template <typename Service, typename Request, typename Response>
Response CallDaemon(const std::shared_ptr<grpc::Channel>& channel,
                    grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                          const Request&,
                                                          Response*),
                    const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + CompletionPatience());
  Response response;
  const auto stub = Service::NewStub(channel);
  const grpc::Status status = (*stub.*method)(&context, request, &response);
  return status.ok() ? response : Response();
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_DAEMON_CALL_H_
