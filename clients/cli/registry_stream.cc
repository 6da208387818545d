// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/registry_stream.h"

#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {

grpc::Status ReadRegistry(
    const std::shared_ptr<grpc::Channel>& channel, NamedValues values,
    absl::FunctionRef<void(const v1::ReadRegistryResponse& batch)> on_batch) {
  grpc::ClientContext context;
  v1::ReadRegistryRequest request;
  request.set_named_values(values == NamedValues::kInclude);
  const auto reader =
      v1::RegistryService::NewStub(channel)->ReadRegistry(&context, request);
  v1::ReadRegistryResponse batch;
  while (reader->Read(&batch)) on_batch(batch);
  return reader->Finish();
}

}  // namespace dissectd::cli
