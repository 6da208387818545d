// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/resource_access.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/base/base_name.h"
#include "server/base/errors.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/policy/permissions.h"

namespace dissectd::server {
namespace {

using Ownership = FileOwners::Ownership;

constexpr absl::string_view kInterfacesPrefix = "interfaces/";

// The permissions for what a principal owns, and for what anyone owns.
struct Permissions {
  absl::string_view own;
  absl::string_view any;
};

Permissions FilePermissions(Use use) {
  return use == Use::kRead
             ? Permissions{permissions::kFilesRead, permissions::kFilesReadAny}
             : Permissions{permissions::kFilesWrite,
                           permissions::kFilesWriteAny};
}

Permissions CapturePermissions(Use use) {
  return use == Use::kRead ? Permissions{permissions::kCapturesRead,
                                         permissions::kCapturesReadAny}
                           : Permissions{permissions::kCapturesWrite,
                                         permissions::kCapturesWriteAny};
}

// Whether clients make files in this part of the store.
bool IsOfClients(absl::string_view path) {
  return absl::StartsWith(path, absl::StrCat(kUploadsFolder, "/")) ||
         absl::StartsWith(path, absl::StrCat(kExportsFolder, "/")) ||
         absl::StartsWith(path, absl::StrCat(kCapturesFolder, "/"));
}

bool MayUse(const std::optional<Ownership>& ownership, Use use,
            const Principal& principal) {
  if (!ownership.has_value() ||
      principal.authentication == Authentication::kNone) {
    return false;
  }
  if (ownership->owner == principal.id) return true;
  return use == Use::kRead &&
         std::any_of(ownership->readers.begin(), ownership->readers.end(),
                     [&principal](const std::string& reader) {
                       return NamesPrincipal(reader, principal);
                     });
}

absl::string_view PermissionOf(const Actor& actor) {
  const MethodRule* rule = FindMethodRule(actor.method);
  return rule == nullptr ? "" : rule->permission;
}

// Whether calls of the method change the resources that they name.
Use UseOf(const Actor& actor) {
  const absl::string_view permission = PermissionOf(actor);
  return permission == permissions::kFilesWrite ||
                 permission == permissions::kCapturesWrite
             ? Use::kChange
             : Use::kRead;
}

// Returns the error for a file or a capture of another caller, or one that
// doesn't exist: it doesn't tell which. Names tell if it can't exist here.
absl::Status NotShared(Use use, absl::string_view permission,
                       const std::string& name) {
  if (IsOfOtherReplica(name)) return errors::OtherReplica(name);
  const absl::Status missing = errors::PermissionMissing(permission, name);
  // Readers may not change what is shared with them.
  if (use != Use::kRead) return missing;
  absl::Status advice(missing.code(),
                      absl::StrCat(missing.message(),
                                   " Its owner can also share it with you."));
  missing.ForEachPayload(
      [&advice](absl::string_view url, const absl::Cord& payload) {
        advice.SetPayload(url, payload);
      });
  return advice;
}

}  // namespace

absl::Status ResourceAccess::CheckPermission(const Actor& actor,
                                             absl::string_view permission,
                                             absl::string_view resource) const {
  if (policy_ == nullptr || policy_->policy()->Permits(actor, permission)) {
    return absl::OkStatus();
  }
  return errors::PermissionMissing(permission, resource);
}

absl::Status ResourceAccess::CheckFile(const Actor& actor, Use use,
                                       const std::string& path, int fd) const {
  if (policy_ == nullptr) return absl::OkStatus();
  const std::shared_ptr<const Policy> policy = policy_->policy();
  const Permissions needed = FilePermissions(use);
  if (!IsOfClients(path)) {
    if (policy->PermitsPath(actor, needed.own, path)) return absl::OkStatus();
    return errors::PermissionMissing(needed.own, FileName(path));
  }
  if (policy->PermitsPath(actor, needed.any, path)) return absl::OkStatus();
  if (!policy->Permits(actor, needed.own)) {
    return errors::PermissionMissing(needed.own, FileName(path));
  }
  if (MayUse(owners_->FindFile(path, fd), use, actor.principal)) {
    return absl::OkStatus();
  }
  return NotShared(use, needed.any, FileName(path));
}

std::shared_ptr<const FolderNames::Names> ResourceAccess::NamesToShow(
    const Actor& actor, const std::string& folder) const {
  absl::string_view kind = folder;
  absl::ConsumeSuffix(&kind, "/");
  if (policy_ == nullptr || !IsOfClients(folder) ||
      absl::StrContains(kind, '/')) {
    return nullptr;
  }
  const std::shared_ptr<const Policy> policy = policy_->policy();
  const Permissions needed = FilePermissions(Use::kRead);
  if (policy->PermitsSomeIn(actor, needed.any, kind)) return nullptr;
  auto names = std::make_shared<FolderNames::Names>();
  if (policy->Permits(actor, needed.own)) {
    *names = owners_->NamesFor(actor.principal, kind);
    // Each upload and each capture has a folder, while exports share one.
    if (kind != kExportsFolder) {
      for (std::string& name : *names) name += '/';
    }
  }
  return names;
}

absl::Status ResourceAccess::CheckUpload(const Actor& actor,
                                         absl::string_view id) const {
  if (policy_ == nullptr) return absl::OkStatus();
  const std::shared_ptr<const Policy> policy = policy_->policy();
  const std::string key = FileOwners::UploadKey(id);
  if (policy->PermitsPath(actor, permissions::kFilesWriteAny, key) ||
      (policy->Permits(actor, permissions::kFilesWrite) &&
       MayUse(owners_->Find(key), Use::kChange, actor.principal))) {
    return absl::OkStatus();
  }
  const std::string name = UploadName(id);
  if (IsOfOtherReplica(name)) return errors::OtherReplica(name);
  return errors::PermissionMissing(permissions::kFilesWriteAny, name);
}

absl::Status ResourceAccess::CheckCapture(const Actor& actor, Use use,
                                          const std::string& name) const {
  ASSIGN_OR_RETURN(const std::string id, ParseCaptureName(name));
  if (policy_ == nullptr) return absl::OkStatus();
  const std::optional<Ownership> ownership =
      owners_->Find(FileOwners::CaptureKey(id));
  if (!ownership.has_value()) return absl::OkStatus();
  const std::shared_ptr<const Policy> policy = policy_->policy();
  const Permissions needed = CapturePermissions(use);
  if (policy->Permits(actor, needed.any)) return absl::OkStatus();
  if (!policy->Permits(actor, needed.own)) {
    return errors::PermissionMissing(needed.own, name);
  }
  if (MayUse(ownership, use, actor.principal)) return absl::OkStatus();
  return NotShared(use, needed.any, name);
}

absl::Status ResourceAccess::CheckReadingOfCapture(
    CallContext* context, const std::string& name) const {
  context->AddResource(name);
  return CheckCapture(ActorOf(*context), Use::kRead, name);
}

absl::Status ResourceAccess::CheckInterface(
    const Actor& actor, const std::string& interface) const {
  if (policy_ == nullptr) return absl::OkStatus();
  const absl::string_view permission = PermissionOf(actor);
  if (policy_->policy()->PermitsInterface(actor, permission, interface)) {
    return absl::OkStatus();
  }
  return errors::PermissionMissing(permission,
                                   absl::StrCat(kInterfacesPrefix, interface));
}

absl::Status ResourceAccess::CheckNamed(const Actor& actor,
                                        const std::string& name) const {
  absl::string_view rest = name;
  if (absl::ConsumePrefix(&rest, kInterfacesPrefix)) {
    return CheckInterface(actor, std::string(rest));
  }
  if (absl::StartsWith(name, absl::StrCat(kCapturesFolder, "/"))) {
    return CheckCapture(actor, UseOf(actor), name);
  }
  if (absl::StartsWith(name, absl::StrCat(kUploadsFolder, "/"))) {
    ASSIGN_OR_RETURN(const std::string id, ParseUploadName(name));
    return CheckUpload(actor, id);
  }
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(name));
  return CheckFile(actor, UseOf(actor), path);
}

std::vector<std::string> ResourceAccess::CaptureFilters(
    const Actor& actor, const std::string& interface) const {
  if (policy_ == nullptr) return {};
  return policy_->policy()->CaptureFilters(actor, interface);
}

absl::StatusOr<UniqueFd> ResourceAccess::OpenFile(
    CallContext* context, const FileStore& files,
    const std::string& name) const {
  context->AddResource(name);
  ASSIGN_OR_RETURN(const std::string path, ParseFileName(name));
  const Actor actor = ActorOf(*context);
  RETURN_IF_ERROR(CheckFile(actor, Use::kRead, path));
  ASSIGN_OR_RETURN(UniqueFd file, files.OpenFile(path));
  // Checked again, as another file may have got the name in between.
  RETURN_IF_ERROR(CheckFile(actor, Use::kRead, path, file.get()));
  return file;
}

absl::StatusOr<CaptureSource> ResourceAccess::OpenCapture(
    CallContext* context, const FileStore& files,
    const std::string& name) const {
  CaptureSource source;
  ASSIGN_OR_RETURN(source.file, OpenFile(context, files, name));
  source.name = std::string(BaseName(name));
  return source;
}

}  // namespace dissectd::server
