// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_REGISTRY_STREAM_H_
#define CLIENTS_CLI_REGISTRY_STREAM_H_

#include <memory>

#include "absl/functional/function_ref.h"
#include "dissectd/v1/registry.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Whether fields are followed by the texts that stand for their values.
enum class NamedValues { kLeaveOut, kInclude };

// Calls `on_batch` with all protocols, followed by all fields in the order in
// which they were registered.
grpc::Status ReadRegistry(
    const std::shared_ptr<grpc::Channel>& channel, NamedValues values,
    absl::FunctionRef<void(const v1::ReadRegistryResponse& batch)> on_batch);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_REGISTRY_STREAM_H_
