// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_AUDIT_AUDIT_LINE_H_
#define SERVER_AUDIT_AUDIT_LINE_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server {

// Whether the audit log has a call: it was refused to its caller, or it changes
// or reads something that matters.
bool IsAudited(const CallEnd& end);

// Returns the line about a call, a JSON object without a line feed: who, what,
// which resources, the readers that they got or lost, and the outcome. It has
// nothing else of what requests and responses contain.
std::string AuditLine(const CallEnd& end, absl::Time time);

// Whether a call may have read or changed something: it succeeded, or sent or
// received messages of a stream.
bool HasEffect(const CallEnd& end);

// Returns the line about calls that have no line. `caller` is empty if they are
// those of all callers.
std::string LostLine(uint64_t calls, const std::string& caller,
                     absl::Time time);

}  // namespace dissectd::server

#endif  // SERVER_AUDIT_AUDIT_LINE_H_
