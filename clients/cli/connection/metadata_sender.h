// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_METADATA_SENDER_H_
#define CLIENTS_CLI_CONNECTION_METADATA_SENDER_H_

#include <memory>
#include <string>

#include "grpcpp/support/client_interceptor.h"

namespace dissectd::cli {

// Returns what sends a value with every call of a channel. The key is in lower
// case, and the value has only visible characters of ASCII and spaces.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>
MetadataSender(std::string key, std::string value);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_METADATA_SENDER_H_
