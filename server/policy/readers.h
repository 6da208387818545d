// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_READERS_H_
#define SERVER_POLICY_READERS_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// Checks the readers with whom a file or a capture is to be shared. Errors:
// READERS_INVALID.
absl::Status CheckReaders(
    const google::protobuf::RepeatedPtrField<std::string>& readers);

// Returns who may read something now and couldn't before, and the reverse.
ReadersChange ChangeOfReaders(const std::vector<std::string>& before,
                              const std::vector<std::string>& now);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_READERS_H_
