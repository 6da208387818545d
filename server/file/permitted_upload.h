// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FILE_PERMITTED_UPLOAD_H_
#define SERVER_FILE_PERMITTED_UPLOAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call_context.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// Returns the id of the upload with this resource name, which the caller may
// use. May block on the file system. Errors: UPLOAD_NOT_FOUND,
// PERMISSION_MISSING.
absl::StatusOr<std::string> PermittedUpload(CallContext* context,
                                            const ResourceAccess& access,
                                            const UploadStore& store,
                                            const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_FILE_PERMITTED_UPLOAD_H_
