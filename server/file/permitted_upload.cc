// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file/permitted_upload.h"

#include "core/base/status_macros.h"
#include "server/base/resource_names.h"

namespace dissectd::server {

absl::StatusOr<std::string> PermittedUpload(CallContext* context,
                                            const ResourceAccess& access,
                                            const UploadStore& store,
                                            const std::string& name) {
  context->AddResource(name);
  ASSIGN_OR_RETURN(std::string id, ParseUploadName(name));
  const absl::Status permitted = access.CheckUpload(ActorOf(*context), id);
  if (permitted.ok()) return id;
  // An upload that has been deleted has no owner any more.
  RETURN_IF_ERROR(store.Get(id).status());
  return permitted;
}

}  // namespace dissectd::server
