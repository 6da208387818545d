// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_CONNECT_H_
#define CLIENTS_CPP_CONNECT_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/security/credentials.h"

namespace dissectd {

// Returns a channel to the daemon at one of gRPC's targets, such as `HOST:PORT`
// or `unix:/PATH`. It has no limit for the size of messages, as frames have
// none, and finds out when the network stalls. For TLS, give
// grpc::SslCredentials, and for a token their composition with
// grpc::AccessTokenCredentials.
std::shared_ptr<grpc::Channel> Connect(
    const std::string& target,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials =
        grpc::InsecureChannelCredentials());

}  // namespace dissectd

#endif  // CLIENTS_CPP_CONNECT_H_
