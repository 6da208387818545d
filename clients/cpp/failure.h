// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_FAILURE_H_
#define CLIENTS_CPP_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dissectd/v1/common.pb.h"
#include "grpcpp/support/status.h"

namespace dissectd {

// Returns the status of a call as absl's, from which FailureOf returns the
// reason and the other details.
absl::Status StatusOf(const grpc::Status& status);

// Returns the status for an error that is part of a response.
absl::Status StatusOf(absl::StatusCode code, const v1::Failure& failure);

// Return the details of a failed call; empty if it has none.
v1::Failure FailureOf(const grpc::Status& status);
v1::Failure FailureOf(const absl::Status& status);

// Returns the message of an error. If the error has a position in a filter, the
// filter follows with that position marked.
std::string ErrorText(const absl::Status& status);

// Returns the filter of an error after a line break, with the position of the
// error marked; empty if it has none.
std::string MarkedFilter(const v1::Failure& failure);

// Returns a line break and two lines: the text, and a mark below the given
// position in it.
std::string MarkedText(absl::string_view text, const v1::TextSpan& span);

}  // namespace dissectd

#endif  // CLIENTS_CPP_FAILURE_H_
