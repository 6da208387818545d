// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/capture_query.h"

#include <utility>

#include "core/base/status_macros.h"
#include "server/errors.h"
#include "server/resource_names.h"

namespace dissectd {

absl::StatusOr<QueryOfItsOwn> QueryAboutFile(const QueryParts& parts,
                                             ipc::Query kind,
                                             std::string request,
                                             const std::string& name) {
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(name));
  QueryOfItsOwn query;
  query.query.kind = kind;
  query.query.request = std::move(request);
  ASSIGN_OR_RETURN(query.capture, parts.files->OpenFile(path));
  query.capture_name = path.substr(path.rfind('/') + 1);
  query.place = parts.sessions->Take();
  if (!query.place.valid()) {
    return errors::TooManySessions(parts.sessions->limit());
  }
  return query;
}

}  // namespace dissectd
