// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PAGES_H_
#define CLIENTS_CLI_PAGES_H_

#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Calls `method` of `stub` until there is no next page, and `use` with each
// page. Returns the first error.
template <typename Stub, typename Request, typename Response, typename Use>
grpc::Status ForEachPage(Stub* stub,
                         grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                      const Request&,
                                                      Response*),
                         Request request, Use use) {
  do {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (stub->*method)(&context, request, &response);
    if (!status.ok()) return status;
    use(response);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return grpc::Status::OK;
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PAGES_H_
