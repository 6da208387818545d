// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/quota_owner.h"

#include <fcntl.h>
#include <sys/xattr.h>

#include "server/base/unique_fd.h"
#include "server/store/file_store.h"

namespace dissectd::server {
namespace {

constexpr char kAttribute[] = "user.dissectd.quota_owner";
constexpr size_t kMaxOwnerBytes = 1024;

}  // namespace

void SetQuotaOwner(int file, const std::string& owner) {
  if (owner.empty() || owner.size() > kMaxOwnerBytes) return;
  // If this fails, the file has no owner.
  static_cast<void>(fsetxattr(file, kAttribute, owner.data(), owner.size(), 0));
}

std::string QuotaOwnerOf(int file) {
  std::string owner(kMaxOwnerBytes, '\0');
  const ssize_t size = fgetxattr(file, kAttribute, owner.data(), owner.size());
  owner.resize(size < 0 ? 0 : static_cast<size_t>(size));
  return owner;
}

std::string QuotaOwnerOf(int root, const std::string& path) {
  const UniqueFd file(OpenBeneath(root, path, O_RDONLY | O_NONBLOCK));
  return file.valid() ? QuotaOwnerOf(file.get()) : std::string();
}

}  // namespace dissectd::server
