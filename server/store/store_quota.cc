// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/store_quota.h"

#include <algorithm>

#include "server/base/errors.h"
#include "server/store/store_errors.h"

namespace dissectd::server {
namespace {

uint64_t Difference(uint64_t a, uint64_t b) { return a > b ? a - b : 0; }

}  // namespace

StoreQuota::Lease::~Lease() { quota_->Change(*this, 0); }

void StoreQuota::Lease::Settle(uint64_t size) {
  quota_->Change(*this, size);
  bytes_ = size;
  writing_ = false;
}

void StoreQuota::Lease::Keep(const std::string& owner) {
  quota_->Count(owner, bytes_);
  quota_->Change(*this, 0);
  bytes_ = 0;
}

StoreQuota::StoreQuota(int root, const Limits& limits)
    : limits_(limits), disk_(root) {}

StoreQuota::Shortage StoreQuota::Find(const std::string& owner,
                                      uint64_t bytes) {
  if (used_ >= limits_.all || bytes > limits_.all - used_) {
    return Shortage::kOfAll;
  }
  const uint64_t used = UsedBy(owner);
  if (used >= limits_.per_owner || bytes > limits_.per_owner - used) {
    return Shortage::kOfOwner;
  }
  if (limits_.min_free_disk > 0 && DiskLeft() <= bytes) return Shortage::kDisk;
  return Shortage::kNone;
}

StoreQuota::Shortage StoreQuota::Check(const std::string& owner,
                                       uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  return Find(owner, bytes);
}

StoreQuota::Shortage StoreQuota::Reserve(const std::string& owner,
                                         uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  const Shortage shortage = Find(owner, bytes);
  if (shortage != Shortage::kNone || bytes == 0) return shortage;
  used_ += bytes;
  shares_[owner].used += bytes;
  disk_.Take(bytes);
  return Shortage::kNone;
}

StoreQuota::Shortage StoreQuota::ReserveFile(const std::string& owner) {
  absl::MutexLock lock(&mutex_);
  if (files_ >= limits_.files) return Shortage::kFilesOfAll;
  if (FilesOf(owner) >= limits_.files_per_owner) {
    return Shortage::kFilesOfOwner;
  }
  ++files_;
  ++shares_[owner].files;
  return Shortage::kNone;
}

absl::Status StoreQuota::ErrorOf(Shortage shortage) const {
  switch (shortage) {
    case Shortage::kNone:
      break;
    case Shortage::kOfAll:
      return errors::UploadQuotaExceeded(limits_.all);
    case Shortage::kOfOwner:
      return errors::UploadQuotaOfCallerExceeded(limits_.per_owner);
    case Shortage::kDisk:
      return errors::FreeDiskTooSmall(limits_.min_free_disk);
    case Shortage::kFilesOfAll:
      return errors::TooManyStoredFiles(limits_.files);
    case Shortage::kFilesOfOwner:
      return errors::TooManyStoredFilesOfCaller(limits_.files_per_owner);
  }
  return absl::OkStatus();
}

void StoreQuota::Release(const std::string& owner, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  Subtract(owner, bytes);
  DropIfUnused(owner);
  disk_.Forget();
}

void StoreQuota::Count(const std::string& owner, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  ++files_;
  used_ += bytes;
  Share& share = shares_[owner];
  ++share.files;
  share.used += bytes;
}

void StoreQuota::Forget(const std::string& owner, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  files_ = Difference(files_, 1);
  const auto share = shares_.find(owner);
  if (share != shares_.end()) {
    share->second.files = Difference(share->second.files, 1);
  }
  Subtract(owner, bytes);
  DropIfUnused(owner);
  disk_.Forget();
}

std::shared_ptr<StoreQuota::Lease> StoreQuota::LeaseFor(
    const std::string& owner, uint64_t expected, uint64_t most) {
  absl::MutexLock lock(&mutex_);
  const uint64_t left = Left(owner);
  if (left == 0) return nullptr;
  Share& share = shares_[owner];
  uint64_t bytes = std::max<uint64_t>(expected, 1);
  if (share.writing == 0) bytes = std::max(bytes, left / 2);
  bytes = std::min({bytes, left, most});
  used_ += bytes;
  leased_ += bytes;
  share.used += bytes;
  ++share.writing;
  // make_shared can't call the private constructor.
  return std::shared_ptr<Lease>(new Lease(this, owner, bytes, generation_));
}

uint64_t StoreQuota::FreeFor(const std::string& owner) {
  absl::MutexLock lock(&mutex_);
  return Left(owner);
}

void StoreQuota::Reset() {
  absl::MutexLock lock(&mutex_);
  ++generation_;
  used_ = 0;
  files_ = 0;
  leased_ = 0;
  shares_.clear();
  disk_.Forget();
}

// Replaces the bytes of a lease by the size of its file.
void StoreQuota::Change(const Lease& lease, uint64_t size) {
  absl::MutexLock lock(&mutex_);
  if (lease.generation_ != generation_) return;
  Subtract(lease.owner_, lease.bytes_);
  used_ += size;
  if (size > 0) shares_[lease.owner_].used += size;
  if (lease.writing_) {
    leased_ = Difference(leased_, lease.bytes_);
    --shares_[lease.owner_].writing;
    disk_.Forget();
  }
  DropIfUnused(lease.owner_);
}

void StoreQuota::Subtract(const std::string& owner, uint64_t bytes) {
  used_ = Difference(used_, bytes);
  const auto share = shares_.find(owner);
  if (share == shares_.end()) return;
  share->second.used = Difference(share->second.used, bytes);
}

void StoreQuota::DropIfUnused(const std::string& owner) {
  const auto share = shares_.find(owner);
  if (share == shares_.end()) return;
  if (share->second.used == 0 && share->second.files == 0 &&
      share->second.writing == 0) {
    shares_.erase(share);
  }
}

uint64_t StoreQuota::UsedBy(const std::string& owner) const {
  const auto share = shares_.find(owner);
  return share == shares_.end() ? 0 : share->second.used;
}

uint64_t StoreQuota::FilesOf(const std::string& owner) const {
  const auto share = shares_.find(owner);
  return share == shares_.end() ? 0 : share->second.files;
}

uint64_t StoreQuota::DiskLeft() {
  return Difference(disk_.Bytes(), limits_.min_free_disk + leased_);
}

uint64_t StoreQuota::Left(const std::string& owner) {
  uint64_t left = std::min(Difference(limits_.all, used_),
                           Difference(limits_.per_owner, UsedBy(owner)));
  if (limits_.min_free_disk > 0) left = std::min(left, DiskLeft());
  return left;
}

}  // namespace dissectd::server
