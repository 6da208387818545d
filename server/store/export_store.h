// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_EXPORT_STORE_H_
#define SERVER_STORE_EXPORT_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"
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

  // Checks that a file with this name may be created, and returns its path.
  // Errors: FILE_NAME_INVALID, FILE_EXISTS unless `overwrite`,
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
  // open file `capture`. It counts for `owner`. Errors: STORE_FULL,
  // STORE_READ_ONLY, STORE_UNAVAILABLE, INTERNAL, those of UploadStore::Reserve
  // and UploadStore::ReserveFile.
  absl::StatusOr<NewExport> NewFile(const std::string& owner,
                                    const std::string& path, int capture) const;

  // Creates a temporary file in the same way; in memory, and of at most
  // kMaxMemoryExportBytes, if the store is read-only. Errors: as NewFile, those
  // of MemoryFileWith.
  absl::StatusOr<NewExport> NewScratchFile(const std::string& owner,
                                           int capture) const;

  // Gives the file its name, and keeps it counted. Errors: as CheckName,
  // STORE_FULL, STORE_READ_ONLY, INTERNAL, those of UploadStore::ReserveFile.
  absl::StatusOr<FileStore::FileInfo> Publish(const NewExport& created,
                                              const std::string& path,
                                              bool overwrite)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<UniqueFd> NewNamelessFile() const;
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
