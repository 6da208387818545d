// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_TESTING_IDENTIFIED_H_
#define SERVER_POLICY_TESTING_IDENTIFIED_H_

#include <string>
#include <vector>

#include "server/base/principal.h"

namespace dissectd::server {

// Returns a principal that has proved who it is.
inline Principal Identified(const std::string& id,
                            const std::vector<std::string>& groups = {}) {
  return {id, Authentication::kToken, groups};
}

}  // namespace dissectd::server

#endif  // SERVER_POLICY_TESTING_IDENTIFIED_H_
