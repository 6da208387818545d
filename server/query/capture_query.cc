// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/capture_query.h"

#include <utility>

#include "core/base/status_macros.h"
#include "server/base/base_name.h"
#include "server/base/resource_names.h"

namespace dissectd::server {

absl::StatusOr<DedicatedQuery> QueryAboutFile(const FileStore& files,
                                              ipc::Query kind,
                                              std::string request,
                                              const std::string& name) {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(name));
  DedicatedQuery query;
  query.query.kind = kind;
  query.query.request = std::move(request);
  ASSIGN_OR_RETURN(query.capture, files.OpenFile(path));
  query.capture_name = std::string(BaseName(path));
  return query;
}

}  // namespace dissectd::server
