// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call.h"

#include "server/rpc/grpc_status.h"

namespace dissectd::server {

grpc::Status Call::EndingWith(absl::Status status) {
  status_ = std::move(status);
  return ToGrpcStatus(status_);
}

void Call::Release() {
  // An answer for which the client didn't wait is no success.
  context_->End(client_gone_ && status_.ok() ? context_->CancelledStatus()
                                             : status_);
  // Runs after all tasks posted before.
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd::server
