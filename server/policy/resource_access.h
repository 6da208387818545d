// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_RESOURCE_ACCESS_H_
#define SERVER_POLICY_RESOURCE_ACCESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"
#include "server/policy/policy.h"
#include "server/policy/policy_access.h"
#include "server/rpc/call_context.h"
#include "server/store/capture_source.h"
#include "server/store/file_owners.h"
#include "server/store/file_store.h"
#include "server/store/folder_names.h"

namespace dissectd::server {

// Whether a resource is only read, or also changed, deleted or shared.
enum class Use { kRead, kChange };

// Decides what callers may do with files, uploads, captures and interfaces.
// Without a policy, they may do everything. All errors are PERMISSION_MISSING
// if nothing else is said. Checks of captures, interfaces and uploads don't
// block; those of files may. Thread-safe.
class ResourceAccess {
 public:
  // `policy` is null if the daemon has none. Neither is owned; both outlive
  // this.
  ResourceAccess(const PolicyAccess* policy, const FileOwners* owners)
      : policy_(policy), owners_(owners) {}

  // Checks a permission that isn't about a resource of the store; `resource` is
  // for the message.
  absl::Status CheckPermission(const Actor& actor, absl::string_view permission,
                               absl::string_view resource) const;
  // `path` is that of a file of the store, which may be open as `fd`.
  absl::Status CheckFile(const Actor& actor, Use use, const std::string& path,
                         int fd = -1) const;
  absl::Status CheckUpload(const Actor& actor, absl::string_view id) const;
  // Succeeds for a capture that doesn't exist. Errors: also CAPTURE_NOT_FOUND.
  absl::Status CheckCapture(const Actor& actor, Use use,
                            const std::string& name) const;
  // Checks that a call may read a capture, and notes it among the resources of
  // the call. Errors: those of CheckCapture.
  absl::Status CheckReadingOfCapture(CallContext* context,
                                     const std::string& name) const;
  // Checks that an interface is one for which the actor may call its method.
  absl::Status CheckInterface(const Actor& actor,
                              const std::string& interface) const;
  // Checks a resource by its name, for the actor's method. Errors: also
  // FILE_NAME_INVALID for what isn't the name of a resource.
  absl::Status CheckNamed(const Actor& actor, const std::string& name) const;

  // As Policy::CaptureFilters.
  std::vector<std::string> CaptureFilters(const Actor& actor,
                                          const std::string& interface) const;

  // Opens a file for a call that reads it. Errors: also those of ParseFileName
  // and FileStore::OpenFile.
  absl::StatusOr<UniqueFd> OpenFile(CallContext* context,
                                    const FileStore& files,
                                    const std::string& name) const;

  // As OpenFile, for a worker to read.
  absl::StatusOr<CaptureSource> OpenCapture(CallContext* context,
                                            const FileStore& files,
                                            const std::string& name) const;

  // Whether a list of a caller has the resource.
  bool Shows(const Actor& actor, const std::string& path) const {
    return CheckFile(actor, Use::kRead, path).ok();
  }

  // Returns the names in a folder of the store, whose path ends with a slash,
  // that a list of a caller has to look at, as FileStore::Selection needs them;
  // null for all.
  std::shared_ptr<const FolderNames::Names> NamesToShow(
      const Actor& actor, const std::string& folder) const;

  // Whether there is a policy.
  bool is_on() const { return policy_ != nullptr; }

 private:
  const PolicyAccess* const policy_;
  const FileOwners* const owners_;
};

// Returns the caller of a call.
inline Actor ActorOf(const CallContext& context) {
  return {context.principal(), context.info().method->name};
}

}  // namespace dissectd::server

#endif  // SERVER_POLICY_RESOURCE_ACCESS_H_
