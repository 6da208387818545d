// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_CAPTURE_QUERY_H_
#define SERVER_QUERY_CAPTURE_QUERY_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/query/query_worker.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Returns a query about a file of the store. `name` is the file's resource
// name. May block on the file system. Errors: FILE_NAME_INVALID, those of
// FileStore::OpenFile.
absl::StatusOr<DedicatedQuery> QueryAboutFile(const FileStore& files,
                                              ipc::Query kind,
                                              std::string request,
                                              const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_QUERY_CAPTURE_QUERY_H_
