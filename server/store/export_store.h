// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_EXPORT_STORE_H_
#define SERVER_STORE_EXPORT_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"
#include "server/store/passing_files.h"
#include "server/store/store_quota.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// Files that workers write. A file has no name until it is complete, so the
// kernel deletes it if its processes end earlier. Complete files are
// `exports/{file name}` in the store, and count towards the upload quota.
//
// Calls may block on the file system. Thread-safe.
class ExportStore {
 public:
  // Deletes unfinished files of an earlier daemon. Nothing is owned; everything
  // outlives this.
  ExportStore(const FileStore* files, UploadStore* uploads);

  // Checks that a file with this name may be created, and returns its path, in
  // which the replica is in front of the file name: server/base/replica.h.
  // Errors: FILE_NAME_INVALID, OTHER_REPLICA, FILE_EXISTS unless `overwrite`,
  // STORE_UNAVAILABLE.
  absl::StatusOr<std::string> CheckName(absl::string_view name,
                                        bool overwrite) const;

  // A file for a worker to write to, and the bytes that it may have. The bytes
  // count towards the quota until the lease is destroyed.
  struct NewExport {
    UniqueFd file;
    std::shared_ptr<StoreQuota::Lease> lease;
  };

  // Creates a file that Publish can give the name `path`, for packets from the
  // open files `captures`. It counts for `owner`. Errors: STORE_FULL,
  // STORE_READ_ONLY, STORE_UNAVAILABLE, INTERNAL, those of UploadStore::Reserve
  // and UploadStore::ReserveFile.
  absl::StatusOr<NewExport> NewFile(const std::string& owner,
                                    const std::string& path,
                                    absl::Span<const int> captures) const;

  // Creates a temporary file in the same way; in memory, and of at most
  // kMaxMemoryExportBytes, if the store is read-only. Errors: as NewFile, those
  // of MemoryFileWith.
  absl::StatusOr<NewExport> NewScratchFile(
      const std::string& owner, absl::Span<const int> captures) const;

  // Creates a file that gets no name.
  absl::StatusOr<UniqueFd> NewNamelessFile() const;

  // Parts of a file that are files of their own, and are deleted unless they
  // get their names.
  class Parts {
   public:
    Parts(UploadStore* uploads, std::string owner, UniqueFd folder)
        : uploads_(uploads),
          owner_(std::move(owner)),
          files_(std::move(folder)) {}
    ~Parts();
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    // The keys of the files, for FileOwners.
    const std::vector<std::string>& keys() const { return keys_; }

   private:
    friend class ExportStore;

    UploadStore* const uploads_;
    const std::string owner_;
    // The number of files that are counted for the owner as not yet made.
    size_t reserved_ = 0;
    PassingFiles files_;
    std::vector<std::string> keys_;
    // The callers whose limits the files count for once they have their names,
    // and the sizes of the files.
    std::vector<std::pair<std::string, uint64_t>> counted_;
  };

  // Copies consecutive parts of a complete file, whose lease stays. Errors:
  // STORE_FULL, STORE_READ_ONLY, INTERNAL, those of UploadStore::ReserveFile.
  absl::StatusOr<std::unique_ptr<Parts>> Divide(
      const NewExport& whole, const std::vector<uint64_t>& sizes) const;

  // Gives all parts their names, or none, and counts them. Errors: FILE_EXISTS,
  // STORE_FULL, STORE_READ_ONLY, INTERNAL.
  absl::StatusOr<std::vector<FileStore::FileInfo>> PublishParts(
      Parts* parts, const std::vector<std::string>& paths)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives the file its name, and keeps it counted. Errors: as CheckName,
  // STORE_FULL, STORE_READ_ONLY, INTERNAL, those of UploadStore::ReserveFile.
  absl::StatusOr<FileStore::FileInfo> Publish(const NewExport& created,
                                              const std::string& path,
                                              bool overwrite)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<UniqueFd> OpenFolder() const;
  absl::Status Link(const UniqueFd& file, const std::string& path,
                    bool overwrite) const;

  const FileStore* const files_;
  UploadStore* const uploads_;
  // Held while a file gets its name, so that each size counts once.
  absl::Mutex mutex_;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_EXPORT_STORE_H_
