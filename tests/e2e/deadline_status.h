// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_DEADLINE_STATUS_H_
#define TESTS_E2E_DEADLINE_STATUS_H_

#include <gmock/gmock.h>
#include <grpcpp/support/status_code_enum.h>

namespace dissectd {

// Matches the code of a call that ended at its deadline. On a busy machine,
// gRPC's client may see that the server ends the call before its own timer
// fires. It calls that CANCELLED.
inline testing::Matcher<grpc::StatusCode> IsEndAtDeadline() {
  return testing::AnyOf(grpc::StatusCode::DEADLINE_EXCEEDED,
                        grpc::StatusCode::CANCELLED);
}

}  // namespace dissectd

#endif  // TESTS_E2E_DEADLINE_STATUS_H_
