// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ENGINE_REPORTS_H_
#define CLIENTS_CLI_ENGINE_REPORTS_H_

#include <memory>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Prints what `tshark -G folders` does, for the daemon's machine.
grpc::Status PrintFolders(const std::shared_ptr<grpc::Channel>& channel);

// Prints what `tshark -G fieldcount` does.
grpc::Status PrintFieldCount(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ENGINE_REPORTS_H_
