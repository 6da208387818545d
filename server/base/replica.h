// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_REPLICA_H_
#define SERVER_BASE_REPLICA_H_

#include <string>

#include "absl/strings/string_view.h"

// Which of several equal daemons this process is. The name of a resource tells
// it, so that a proxy can send a call to the daemon that has the resource:
// `sessions/{replica}~{32 digits}`.
namespace dissectd::server {

// Separates the replica from the rest of a name. Neither names of replicas nor
// random ids have it, and files, URLs and shells need no quotes for it there.
inline constexpr char kReplicaSeparator = '~';

// Returns whether a text can be the name of a replica: 1 to 63 letters, digits
// and hyphens, as the label of a host name, without a hyphen at either end.
bool IsReplicaName(absl::string_view text);

// Makes this process a replica; without a call, it is none, and its names have
// no replica in them. Must be called before other threads start, as the others
// aren't synchronised with it. An empty name takes it back.
void SetReplica(absl::string_view name);

// Returns the replica that this process is; empty if it is none.
const std::string& Replica();

// Returns the text with this replica and the separator in front, unless it has
// them or this process is no replica.
std::string WithReplica(absl::string_view text);

// Returns the replica in a resource name, such as `a` for
// `files/uploads/a~0123456789abcdef0123456789abcdef/x.pcap`; empty if the name
// has none.
absl::string_view ReplicaIn(absl::string_view resource);

// Returns whether this process is a replica, and the resource belongs to
// another one.
bool IsOfOtherReplica(absl::string_view resource);

// Returns a new id for a resource of this replica. It can't be guessed, as
// anyone who knows it can use the resource.
std::string NewResourceId();

// Returns whether a text has the form of such an id, of any replica or none.
bool IsResourceId(absl::string_view text);

}  // namespace dissectd::server

#endif  // SERVER_BASE_REPLICA_H_
