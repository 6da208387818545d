// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server::errors {
namespace {

using Code = absl::StatusCode;

absl::Status InvalidRequest(absl::string_view reason,
                            absl::string_view message) {
  return MakeError(Code::kInvalidArgument, message,
                   {std::string(reason), {}, {}});
}

absl::Status NodeError(Code code, absl::string_view reason,
                       absl::string_view name, absl::string_view message) {
  return MakeError(code, message,
                   {std::string(reason), {{"node", std::string(name)}}, {}});
}

}  // namespace

absl::Status NodeNameInvalid(absl::string_view name) {
  return NodeError(
      Code::kInvalidArgument, "NODE_NAME_INVALID", name,
      absl::StrCat("\"", name, "\" isn't the name of a node: nodes/NODE."));
}

absl::Status NodeNotFound(absl::string_view name) {
  return NodeError(
      Code::kNotFound, "NODE_NOT_FOUND", name,
      absl::StrCat("The fleet has no node with the name \"", name, "\"."));
}

absl::Status NodesMissing() {
  return InvalidRequest(
      "NODES_MISSING",
      "The request names no nodes. All of them are \"nodes/-\".");
}

absl::Status NodeCapturesMissing() {
  return InvalidRequest("NODE_CAPTURES_MISSING",
                        "The request names no captures.");
}

absl::Status FormUnordered() {
  return InvalidRequest(
      "FORM_UNORDERED",
      "Frames in FORM_COLUMNAR have no time, by which frames of several nodes "
      "could be merged. Use FORM_COMPACT or FORM_PLAIN.");
}

absl::Status RangeUnexpected() {
  return InvalidRequest(
      "RANGE_UNEXPECTED",
      "A range of frames would be another one at each node, and none can be "
      "given.");
}

absl::Status ReorderWindowInvalid() {
  return InvalidRequest(
      "REORDER_WINDOW_INVALID",
      "The time for which frames wait for earlier ones must be from 0 to 60 "
      "seconds.");
}

absl::Status NodeUnavailable(absl::string_view why) {
  return MakeError(
      Code::kUnavailable,
      absl::StrCat("The node can't be reached, or has broken off: ", why),
      {"NODE_UNAVAILABLE", {}, {}});
}

absl::Status NodeTimeout() {
  return MakeError(Code::kDeadlineExceeded, "The node didn't answer in time.",
                   {"NODE_TIMEOUT", {}, {}});
}

absl::Status NodeGone() {
  return MakeError(Code::kUnavailable,
                   "The node isn't part of the fleet any more.",
                   {"NODE_GONE", {}, {}});
}

absl::Status NodeProtocolError() {
  return MakeError(Code::kInternal,
                   "The node has sent something that isn't in the API.",
                   {"NODE_PROTOCOL_ERROR", {}, {}});
}

absl::Status OfNode(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (!status.error_details().empty()) {
    return StatusFromWorker(status.error_details());
  }
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return NodeTimeout();
  }
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return NodeUnavailable(status.error_message());
  }
  return MakeError(static_cast<Code>(status.error_code()),
                   status.error_message(), {"NODE_PROTOCOL_ERROR", {}, {}});
}

}  // namespace dissectd::server::errors
