// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_UPLOAD_STORE_H_
#define SERVER_STORE_UPLOAD_STORE_H_

#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
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
#include "server/store/upload_copies.h"

namespace dissectd::server {

// Uploads into the store. An unfinished upload is the file `.uploads/{id}/{file
// name}`, so that it survives a restart of the daemon; when it is finished, its
// folder moves to `uploads/{id}`. An upload to which nothing was added for a
// day is deleted, and so is a copy, a finished upload that was made with its
// hash, if it wasn't asked for again for a day. If the quota is used up, copies
// are deleted earlier, but not in the minute after their last use.
//
// Calls may block on the file system. Thread-safe.
class UploadStore {
 public:
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
    // written. Errors: UPLOAD_OFFSET_MISMATCH, UPLOAD_QUOTA_EXCEEDED,
    // STORE_FULL.
    absl::Status Write(uint64_t offset, absl::string_view data);

    // Writes the data to the disk.
    absl::StatusOr<Info> Commit();

    // Turns the upload into a file of the store. Nothing can be written after
    // that. Errors: as Commit; UPLOAD_HASH_MISMATCH, after which the upload is
    // deleted.
    absl::StatusOr<Info> Finish();

   private:
    friend class UploadStore;
    Writer(UploadStore* store, std::string id, std::string file_name,
           UniqueFd file, uint64_t size, std::string expected_hash);
    // Deletes the upload if it hasn't the expected hash.
    absl::Status CheckHash();

    UploadStore* const store_;
    const std::string id_;
    const std::string file_name_;
    UniqueFd file_;
    uint64_t size_;
    // Empty if the hash doesn't matter.
    const std::string expected_hash_;
    // The hash of the whole content; absent if it is computed at the end, as an
    // earlier writer has begun the file.
    std::optional<Sha256> hash_;
  };

  // `files` is not owned and outlives this. `quota` is the limit for all
  // uploads together, finished or not, in bytes. Errors: INTERNAL.
  static absl::StatusOr<std::unique_ptr<UploadStore>> Open(
      const FileStore* files, uint64_t quota);

  // Begins an upload. If `sha256` isn't empty, it is the hash of the content;
  // returns a finished upload of the same principal with this name and hash if
  // there is one. Errors: FILE_NAME_INVALID, UPLOAD_HASH_INVALID,
  // UPLOAD_QUOTA_EXCEEDED, STORE_FULL, STORE_READ_ONLY.
  absl::StatusOr<Info> Create(absl::string_view file_name,
                              const Principal& principal = Principal(),
                              const std::string& sha256 = "");

  // Errors: UPLOAD_NOT_FOUND.
  absl::StatusOr<Info> Get(const std::string& id) const;

  // Errors: UPLOAD_NOT_FOUND (also if it is finished), UPLOAD_BUSY. The store
  // outlives the writer.
  absl::StatusOr<std::unique_ptr<Writer>> OpenWriter(const std::string& id);

  // Deletes an unfinished upload. Errors: those of OpenWriter.
  absl::Status Delete(const std::string& id);

  // Deletes a file that was uploaded. Errors: those of FileStore::Delete.
  absl::Status DeleteFile(const std::string& path);

  // Counts bytes of files that clients create by other means towards the quota.
  // Errors: UPLOAD_QUOTA_EXCEEDED.
  absl::Status Reserve(uint64_t bytes);
  // Releases reserved bytes.
  void Release(uint64_t bytes);
  // Returns the number of bytes that could be reserved now.
  uint64_t FreeBytes() const;

  uint64_t quota() const { return quota_; }

 private:
  UploadStore(const FileStore* files, uint64_t quota)
      : files_(files), quota_(quota), copies_(files->root_fd()) {}

  int root() const { return files_->root_fd(); }
  absl::Status MeasureUsed();
  void DeleteExpired();
  // Deletes the copy that was used least recently, if that was before `time`.
  bool DeleteCopy(time_t time);
  bool TryReserve(uint64_t bytes);
  absl::StatusOr<Info> CreateFile(absl::string_view file_name);
  absl::StatusOr<std::string> FileNameIn(absl::string_view folder) const;
  absl::Status Remove(const std::string& id, const std::string& file_name);
  void EndWriting(const std::string& id);

  const FileStore* const files_;
  const uint64_t quota_;
  UploadCopies copies_;
  mutable absl::Mutex mutex_;
  uint64_t used_ ABSL_GUARDED_BY(mutex_) = 0;
  // The ids of uploads that have a writer.
  std::set<std::string> busy_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_UPLOAD_STORE_H_
