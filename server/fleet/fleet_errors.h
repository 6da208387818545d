// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_ERRORS_H_
#define SERVER_FLEET_FLEET_ERRORS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// The errors of FleetService. docs/errors.md lists them with the others.
namespace dissectd::server::errors {

absl::Status NodeNameInvalid(absl::string_view name);
absl::Status NodeNotFound(absl::string_view name);
absl::Status NodesMissing();
absl::Status NodeCapturesMissing();
absl::Status FormUnordered();
absl::Status RangeUnexpected();
absl::Status ReorderWindowInvalid();

// What became of a node. They are parts of answers, never the end of a call.
absl::Status NodeUnavailable(absl::string_view why);
absl::Status NodeTimeout();
absl::Status NodeGone();
absl::Status NodeProtocolError();

// Returns the error of a call to a node: what the node says, or what gRPC says
// about the connection in these words. OK stays OK.
absl::Status OfNode(const grpc::Status& status);

}  // namespace dissectd::server::errors

#endif  // SERVER_FLEET_FLEET_ERRORS_H_
