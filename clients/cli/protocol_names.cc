// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/protocol_names.h"

#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {

void ResolveOlderNames(const std::shared_ptr<grpc::Channel>& channel,
                       std::vector<std::string>* names) {
  const auto stub = v1::RegistryService::NewStub(channel);
  for (std::string& name : *names) {
    grpc::ClientContext context;
    v1::LookupFieldsRequest request;
    v1::LookupFieldsResponse response;
    request.set_name(name);
    const grpc::Status status =
        stub->LookupFields(&context, request, &response);
    if (status.ok() && response.fields_size() > 0) {
      name = response.fields(0).name();
    }
  }
}

}  // namespace dissectd::cli
