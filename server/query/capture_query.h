// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_CAPTURE_QUERY_H_
#define SERVER_QUERY_CAPTURE_QUERY_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/policy/resource_access.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Returns a query about a file of the store for a call that may read it. `name`
// is the file's resource name. May block on the file system. Errors: those of
// ResourceAccess::OpenFile.
absl::StatusOr<DedicatedQuery> QueryAboutFile(
    CallContext* context, const ResourceAccess& access, const FileStore& files,
    ipc::Query kind, std::string request, const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_QUERY_CAPTURE_QUERY_H_
