// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_POLICY_PARSER_H_
#define SERVER_POLICY_POLICY_PARSER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/policy/policy.h"

namespace dissectd::server {

// Parses a policy in JSON; deploy/README.md describes it. Nothing is ignored: a
// key, permission, method or role that doesn't exist is an error, as a mistake
// may otherwise permit or deny what the operator doesn't want. Errors: a
// message for the operator that names the place.
absl::StatusOr<Policy> ParsePolicy(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_POLICY_PARSER_H_
