// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_EXPORT_STORE_H_
#define SERVER_STORE_EXPORT_STORE_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// Files that workers write. They have no name until they are complete, so that
// one which isn't goes with the last process that has it; then they are
// `exports/{file name}` in the store, and count as uploads do.
//
// Calls may block on the file system. Thread-safe.
class ExportStore {
 public:
  // Deletes what an earlier daemon left unfinished. Nothing is owned; all
  // outlives this.
  ExportStore(const FileStore* files, UploadStore* uploads);

  // Returns the path of a file that may be made. Errors: FILE_NAME_INVALID,
  // FILE_EXISTS unless `overwrite`, UPLOAD_QUOTA_EXCEEDED.
  absl::StatusOr<std::string> CheckName(absl::string_view name,
                                        bool overwrite) const;

  // A file that a worker may write to.
  struct NewExport {
    UniqueFd file;
    uint64_t max_bytes = 0;
  };

  // One that Publish takes. It may become as large as the quota has room.
  // Errors: STORE_FULL, STORE_READ_ONLY, INTERNAL.
  absl::StatusOr<NewExport> NewFile() const;

  // One that is not to be kept: in memory, if the store takes none. It may
  // become as large as the quota, or kMaxMemoryExportBytes. Errors: those of
  // MemoryFileWith.
  absl::StatusOr<NewExport> NewScratchFile() const;

  // Gives the file its name. Errors: as CheckName, STORE_FULL,
  // STORE_READ_ONLY, INTERNAL.
  absl::StatusOr<FileStore::FileInfo> Publish(const UniqueFd& file,
                                              const std::string& path,
                                              bool overwrite)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::StatusOr<UniqueFd> NewNamelessFile() const;
  absl::StatusOr<UniqueFd> OpenFolder() const;
  absl::Status Link(const UniqueFd& file, const std::string& path,
                    bool overwrite) const;
  // How much of the quota a file has that will be replaced.
  uint64_t SizeOf(const std::string& path) const;

  const FileStore* const files_;
  UploadStore* const uploads_;
  // Held while a file gets its name, so that sizes are counted once.
  absl::Mutex mutex_;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_EXPORT_STORE_H_
