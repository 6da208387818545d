// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_STORE_QUOTA_H_
#define SERVER_STORE_STORE_QUOTA_H_

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/store/free_disk.h"

namespace dissectd::server {

// The uploads and exports: their number and bytes, of each owner and of all
// together. An owner is who a file is counted for; it may be empty.
// Thread-safe.
class StoreQuota {
 public:
  struct Limits {
    uint64_t all = 0;
    uint64_t per_owner = std::numeric_limits<uint64_t>::max();
    // What stays free on the store's file system.
    uint64_t min_free_disk = 0;
    // The numbers of files.
    uint64_t files = std::numeric_limits<uint64_t>::max();
    uint64_t files_per_owner = std::numeric_limits<uint64_t>::max();
  };

  // Bytes that are reserved for a file while it is written. Destroying it
  // releases them. Thread-compatible; the quota outlives it.
  class Lease {
   public:
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    const std::string& owner() const { return owner_; }
    uint64_t bytes() const { return bytes_; }
    // Releases what the complete file doesn't need.
    void Settle(uint64_t size);
    // Leaves the bytes counted, for this owner, and counts the complete file,
    // which is in the store now.
    void Keep(const std::string& owner);

   private:
    friend class StoreQuota;
    Lease(StoreQuota* quota, std::string owner, uint64_t bytes,
          uint64_t generation)
        : quota_(quota),
          owner_(std::move(owner)),
          bytes_(bytes),
          generation_(generation) {}

    StoreQuota* const quota_;
    const std::string owner_;
    uint64_t bytes_;
    const uint64_t generation_;
    // Whether the file is still being written.
    bool writing_ = true;
  };

  // `root` is the folder of the store, and stays open while this exists.
  StoreQuota(int root, const Limits& limits);

  // What there is too little of.
  enum class Shortage {
    kNone,
    kOfAll,
    kOfOwner,
    kDisk,
    kFilesOfAll,
    kFilesOfOwner,
  };

  // Tells why bytes can't be reserved. No bytes can be reserved if any are
  // left.
  Shortage Check(const std::string& owner, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Reserves bytes that are about to be written, unless there is a shortage.
  Shortage Reserve(const std::string& owner, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Counts a file that is about to be made, still without bytes, unless there
  // is a shortage of files.
  Shortage ReserveFile(const std::string& owner) ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns UPLOAD_QUOTA_EXCEEDED, UPLOAD_QUOTA_OF_CALLER_EXCEEDED,
  // FREE_DISK_TOO_SMALL, TOO_MANY_STORED_FILES or
  // TOO_MANY_STORED_FILES_OF_CALLER.
  absl::Status ErrorOf(Shortage shortage) const;
  // Releases bytes that weren't written.
  void Release(const std::string& owner, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Counts a file that exists, and its bytes.
  void Count(const std::string& owner, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Counts a file no longer that is gone.
  void Forget(const std::string& owner, uint64_t bytes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Leases bytes for a file whose size is `expected`: fewer if fewer are left.
  // The first file that an owner writes at a time may use half of what is left,
  // so that it can be larger than expected. Leases at most `most` bytes.
  // Returns null if nothing is left.
  std::shared_ptr<Lease> LeaseFor(
      const std::string& owner, uint64_t expected,
      uint64_t most = std::numeric_limits<uint64_t>::max())
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns what an owner could reserve now.
  uint64_t FreeFor(const std::string& owner) ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the bytes and files of all owners.
  uint64_t used_bytes() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return used_;
  }
  uint64_t used_files() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return files_;
  }

  // Forgets everything that was counted; leases from before release nothing.
  void Reset() ABSL_LOCKS_EXCLUDED(mutex_);

  const Limits& limits() const { return limits_; }

 private:
  struct Share {
    uint64_t used = 0;
    uint64_t files = 0;
    // The number of leases for files that are being written.
    int writing = 0;
  };

  Shortage Find(const std::string& owner, uint64_t bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Change(const Lease& lease, uint64_t size) ABSL_LOCKS_EXCLUDED(mutex_);
  void Subtract(const std::string& owner, uint64_t bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropIfUnused(const std::string& owner)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t UsedBy(const std::string& owner) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t FilesOf(const std::string& owner) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t DiskLeft() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t Left(const std::string& owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  absl::Mutex mutex_;
  FreeDisk disk_ ABSL_GUARDED_BY(mutex_);
  uint64_t used_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t files_ ABSL_GUARDED_BY(mutex_) = 0;
  // The leased bytes of files that are being written, which the file system may
  // still show as free.
  uint64_t leased_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Share> shares_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_STORE_QUOTA_H_
