// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_PRINCIPAL_NAME_H_
#define SERVER_POLICY_PRINCIPAL_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns why a text can't stand for principals in a policy or a list of
// readers, as the end of a sentence about it. Returns an empty text if it can:
// if it is the id of a principal, a group, or `*`.
std::string WhyNoPrincipal(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_PRINCIPAL_NAME_H_
