// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_CAPTURE_QUERY_H_
#define SERVER_QUERY_CAPTURE_QUERY_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/ipc/query.h"
#include "server/base/errors.h"
#include "server/policy/resource_access.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"
#include "server/store/capture_source.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// Opens the capture of a message whose source is a file of the store or the
// bytes of a capture, which are taken out of the message. May block on the file
// system. Errors: SOURCE_MISSING for another source, those of
// ResourceAccess::OpenCapture and HoldInlineCapture.
template <typename Message>
absl::StatusOr<CaptureSource> OpenSource(CallContext* context,
                                         const ResourceAccess& access,
                                         const FileStore& files,
                                         Message* message) {
  if (message->has_file()) {
    return access.OpenCapture(context, files, message->file());
  }
  if (!message->has_inline_capture()) return errors::SourceMissing();
  ASSIGN_OR_RETURN(CaptureSource source,
                   HoldInlineCapture(message->inline_capture()));
  message->clear_source();
  return source;
}

// Returns a query about a file of the store for a call that may read it. `name`
// is the file's resource name. May block on the file system. Errors: those of
// ResourceAccess::OpenFile.
absl::StatusOr<DedicatedQuery> QueryAboutFile(
    CallContext* context, const ResourceAccess& access, const FileStore& files,
    ipc::Query kind, std::string request, const std::string& name);

}  // namespace dissectd::server

#endif  // SERVER_QUERY_CAPTURE_QUERY_H_
