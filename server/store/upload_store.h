// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_UPLOAD_STORE_H_
#define SERVER_STORE_UPLOAD_STORE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/principal.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"
#include "server/store/sha256.h"
#include "server/store/store_quota.h"
#include "server/store/upload_copies.h"

namespace dissectd::server {

// Uploads into the store. An unfinished upload is the file `.uploads/{id}/{file
// name}`, so that it survives a restart of the daemon; when it is finished, its
// folder moves to `uploads/{id}`. An upload to which nothing was added for a
// day is deleted, and so is a copy, a finished upload that was made with its
// hash, if it wasn't asked for again for a day. If the quota is used up, copies
// are deleted earlier, but not in the minute after their last use.
//
// An index in memory has all unfinished uploads, so that no call reads the
// folders of others.
//
// Calls may block on the file system. Thread-safe.
class UploadStore {
 public:
  struct Limits {
    StoreQuota::Limits quota;
    // The numbers of unfinished uploads.
    size_t unfinished = 10'000;
    size_t unfinished_per_owner = 1'000;
  };

  struct Info {
    std::string id;
    uint64_t committed_bytes = 0;
    // The path of the file in the store if the upload is finished, else empty.
    std::string path;
  };

  // Lets one call write to an upload; others get UPLOAD_BUSY until this is
  // destroyed. Written data is kept. Thread-compatible.
  class Writer {
   public:
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Appends data. After an error, nothing or only a part of `data` is
    // written. Errors: UPLOAD_OFFSET_MISMATCH, UPLOAD_NOT_FOUND if the store
    // was replaced, STORE_FULL, those of Reserve.
    absl::Status Write(uint64_t offset, absl::string_view data);

    // Writes the data to the disk.
    absl::StatusOr<Info> Commit();

    // Turns the upload into a file of the store. Nothing can be written after
    // that. Errors: as Commit; UPLOAD_HASH_MISMATCH, after which the upload is
    // deleted.
    absl::StatusOr<Info> Finish();

   private:
    friend class UploadStore;
    Writer(UploadStore* store, std::string id, uint64_t ticket,
           std::string file_name, std::string owner, UniqueFd file,
           uint64_t size, std::string expected_hash);
    // Deletes the upload if it hasn't the expected hash.
    absl::Status CheckHash();
    // Gives the file its place among the finished ones, durably.
    absl::Status Move() const;

    UploadStore* const store_;
    const std::string id_;
    const uint64_t ticket_;
    const std::string file_name_;
    const std::string owner_;
    UniqueFd file_;
    uint64_t size_;
    // Empty if the hash doesn't matter.
    const std::string expected_hash_;
    // The hash of the whole content; absent if it is computed at the end, as an
    // earlier writer has begun the file.
    std::optional<Sha256> hash_;
  };

  // `files` is not owned and outlives this. Errors: INTERNAL.
  static absl::StatusOr<std::unique_ptr<UploadStore>> Open(
      const FileStore* files, const Limits& limits);

  // Reads everything again after the folder of the store was replaced. Errors:
  // INTERNAL.
  absl::Status Reload();

  // Begins an upload that counts for `owner`. If `sha256` isn't empty, it is
  // the hash of the content; returns a finished upload of the same principal
  // with this name and hash if there is one. Errors: FILE_NAME_INVALID,
  // UPLOAD_HASH_INVALID, TOO_MANY_UPLOADS, TOO_MANY_UPLOADS_OF_CALLER,
  // STORE_FULL, STORE_READ_ONLY, STORE_UNAVAILABLE, those of Reserve and
  // ReserveFile.
  absl::StatusOr<Info> Create(absl::string_view file_name,
                              const Principal& principal = Principal(),
                              const std::string& sha256 = "",
                              const std::string& owner = "");

  // Errors: UPLOAD_NOT_FOUND, STORE_UNAVAILABLE.
  absl::StatusOr<Info> Get(const std::string& id) const;

  // Errors: UPLOAD_NOT_FOUND (also if it is finished), UPLOAD_BUSY,
  // STORE_UNAVAILABLE. The store outlives the writer.
  absl::StatusOr<std::unique_ptr<Writer>> OpenWriter(const std::string& id);

  // Deletes an unfinished upload. Errors: those of OpenWriter.
  absl::Status Delete(const std::string& id);

  // As FileStore::Delete.
  absl::Status DeleteFile(const std::string& path);

  // Deletes unfinished uploads that weren't changed in the day before `now`,
  // and copies that weren't used in the last day.
  void DeleteExpired(std::chrono::steady_clock::time_point now);

  // Counts bytes of files that clients create by other means towards the quota.
  // Deletes copies if that helps. Errors: UPLOAD_QUOTA_EXCEEDED,
  // UPLOAD_QUOTA_OF_CALLER_EXCEEDED, FREE_DISK_TOO_SMALL.
  absl::Status Reserve(uint64_t bytes, const std::string& owner = "");
  // Counts a file that is about to be made towards the limit of files. Deletes
  // a copy if that helps. Errors: TOO_MANY_STORED_FILES,
  // TOO_MANY_STORED_FILES_OF_CALLER.
  absl::Status ReserveFile(const std::string& owner);
  // Counts a file that exists.
  void CountFile(const std::string& owner, uint64_t bytes) {
    quota_.Count(owner, bytes);
  }
  // Counts a file no longer that is gone, or wasn't made.
  void ForgetFile(const std::string& owner, uint64_t bytes) {
    quota_.Forget(owner, bytes);
  }
  // Releases reserved bytes.
  void Release(uint64_t bytes, const std::string& owner = "");
  // As StoreQuota::LeaseFor. Errors: those of Reserve.
  absl::StatusOr<std::shared_ptr<StoreQuota::Lease>> Lease(
      const std::string& owner, uint64_t expected,
      uint64_t most = std::numeric_limits<uint64_t>::max());
  // Returns the number of bytes that could be reserved without deleting copies.
  uint64_t FreeBytes(const std::string& owner = "");

  // Returns the bytes and files that count towards the quota, of all owners,
  // and the number of unfinished uploads.
  uint64_t used_bytes() { return quota_.used_bytes(); }
  uint64_t used_files() { return quota_.used_files(); }
  size_t CountUnfinished() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    return parts_.size();
  }

 private:
  // An unfinished upload.
  struct Part {
    std::string file_name;
    std::string owner;
    uint64_t size = 0;
    std::chrono::steady_clock::time_point last_change;
    // The ticket of its writer; 0 if it has none.
    uint64_t writer = 0;
  };

  UploadStore(const FileStore* files, const Limits& limits)
      : files_(files),
        limits_(limits),
        quota_(files->root_fd(), limits.quota),
        copies_(files->root_fd()) {}

  int root() const { return files_->root_fd(); }
  void LoadParts();
  std::optional<Part> ReadPart(const std::string& id) const;
  absl::Status CountFinished();
  // Deletes the copy of this owner, or of any if it is null, that was used
  // least recently, if that was before `time`.
  bool DeleteCopy(std::chrono::steady_clock::time_point time,
                  const std::string* owner);
  // Deletes a copy that makes the shortage smaller.
  bool MakeRoom(StoreQuota::Shortage shortage, const std::string& owner);
  absl::StatusOr<Info> CreatePart(absl::string_view file_name,
                                  const std::string& owner);
  absl::Status CreateFile(const std::string& id, absl::string_view file_name,
                          const std::string& owner) const;
  // Adds a part if there may be another.
  absl::Status AddPart(const std::string& id, Part part);
  void InsertPart(const std::string& id, Part part)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ErasePart(const std::string& id);
  absl::StatusOr<std::string> FileNameIn(absl::string_view folder) const;
  absl::Status Remove(const Writer& writer);
  // Returns false if the part isn't the writer's, as the store was replaced or
  // the upload is finished.
  bool NoteSize(const Writer& writer);
  void EndWriting(const Writer& writer);

  const FileStore* const files_;
  const Limits limits_;
  StoreQuota quota_;
  UploadCopies copies_;
  mutable absl::Mutex mutex_;
  // Indexed by id.
  std::map<std::string, Part> parts_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, size_t> parts_of_owner_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_ticket_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_UPLOAD_STORE_H_
