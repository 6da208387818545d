// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_IDENTITY_ERRORS_H_
#define SERVER_BASE_IDENTITY_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace errors {

// Returns UNAUTHENTICATED with a detail for the operator's logs, which clients
// don't get. `detail` is one of the words that deploy/README.md lists; `why` is
// a sentence for the client, without anything secret.
absl::Status Unidentified(absl::string_view detail, absl::string_view why);

// The token was valid until it expired. A client may know that.
absl::Status TokenExpired();

// The caller names another one, but isn't a proxy that the daemon trusts.
absl::Status ProxyNotTrusted();

// The caller showed something, but others of its host were wrong too often to
// look at it. Adds a detail to CALL_RATE_EXCEEDED.
absl::Status Unseen(const absl::Status& rate_exceeded);

}  // namespace errors

// Returns the detail of a call that was refused as its caller isn't identified;
// empty for all other statuses. Safe for log lines.
std::string IdentityDetail(const absl::Status& status);

}  // namespace dissectd::server

#endif  // SERVER_BASE_IDENTITY_ERRORS_H_
