// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/server_service.h"

#include <grpcpp/support/slice.h>

namespace dissectd::server {

ServerService::ServerService(const QueryDeps& deps,
                             const v1::GetServerInfoResponse& facts)
    : deps_(deps) {
  const grpc::Slice slice(facts.SerializeAsString());
  facts_ = grpc::ByteBuffer(&slice, 1);
}

}  // namespace dissectd::server
