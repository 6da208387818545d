// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CHANNELZ_SERVICE_H_
#define SERVER_RPC_CHANNELZ_SERVICE_H_

#include "server/rpc/rpc_service.h"

namespace dissectd::server {

// The service grpc.channelz.v1.Channelz, which tells administrators about the
// connections of this process. gRPC's own one would start threads, and answer
// everyone: this one is admitted and observed as the rest of the API is.
// Thread-safe.
class ChannelzService final : public RpcService {
 public:
  explicit ChannelzService(const RpcService::Deps& deps);
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CHANNELZ_SERVICE_H_
