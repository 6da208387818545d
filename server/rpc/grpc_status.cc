// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/grpc_status.h"

#include <string>

#include "absl/strings/cord.h"
#include "core/base/error.h"
#include "server/base/errors.h"

namespace dissectd::server {

v1::Failure FailureOf(const absl::Status& status) {
  v1::Failure failure;
  failure.ParseFromString(SerializeFailure(status));
  return failure;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  if (!status.GetPayload(kErrorInfoUrl).has_value()) {
    return ToGrpcStatus(
        MakeError(status.code(), status.message(), {"INTERNAL", {}, {}}));
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message()), SerializeStatus(status));
}

absl::Status StatusFromWorker(absl::string_view status_details) {
  v1::StatusDetails details;
  if (!details.ParseFromArray(status_details.data(),
                              static_cast<int>(status_details.size()))) {
    return errors::WorkerProtocolError();
  }
  absl::Status status(static_cast<absl::StatusCode>(details.code()),
                      details.message());
  if (status.ok()) return status;
  for (const google::protobuf::Any& detail : details.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return status;
}

}  // namespace dissectd::server
