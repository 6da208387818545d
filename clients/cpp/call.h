// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_CALL_H_
#define CLIENTS_CPP_CALL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "clients/cpp/failure.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace dissectd {

// Makes a call that has one request and one response:
//
//   Call<v1::FileService>(channel, &v1::FileService::Stub::GetFile, request)
template <typename Service, typename Request, typename Response>
absl::StatusOr<Response> Call(
    const std::shared_ptr<grpc::Channel>& channel,
    grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                          Response*),
    const Request& request) {
  const auto stub = Service::NewStub(channel);
  grpc::ClientContext context;
  Response response;
  const grpc::Status status = ((*stub).*method)(&context, request, &response);
  if (!status.ok()) return StatusOf(status);
  return response;
}

}  // namespace dissectd

#endif  // CLIENTS_CPP_CALL_H_
