// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/capture_query.h"

#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::server {

absl::StatusOr<DedicatedQuery> QueryAboutFile(
    CallContext* context, const ResourceAccess& access, const FileStore& files,
    ipc::Query kind, std::string request, const std::string& name) {
  DedicatedQuery query;
  query.query.kind = kind;
  query.query.request = std::move(request);
  ASSIGN_OR_RETURN(CaptureSource source,
                   access.OpenCapture(context, files, name));
  query.capture = std::move(source.file);
  query.capture_name = std::move(source.name);
  return query;
}

}  // namespace dissectd::server
