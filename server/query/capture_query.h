// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_CAPTURE_QUERY_H_
#define SERVER_QUERY_CAPTURE_QUERY_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/query/query_service.h"
#include "server/query/query_session.h"

namespace dissectd {

// Returns a query about a file of the store, with a place for its session.
// `name` is the file's resource name. May block on the file system. Errors:
// FILE_NAME_INVALID, those of FileStore::OpenFile, TOO_MANY_SESSIONS.
absl::StatusOr<QueryOfItsOwn> QueryAboutFile(const QueryParts& parts,
                                             ipc::Query kind,
                                             std::string request,
                                             const std::string& name);

}  // namespace dissectd

#endif  // SERVER_QUERY_CAPTURE_QUERY_H_
