// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_FOLDER_H_
#define SERVER_CAPTURE_CAPTURE_FOLDER_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"

// The folders that captures have in the store, by their ids. `root` is the
// folder of the store. Calls block on the file system.
namespace dissectd::server {

// The mode of a capture's journal.
inline constexpr mode_t kJournalMode = 0600;

// Makes the folder of a new capture, with an empty new journal, so that
// DeleteUnfinishedFolder knows it. Errors: STORE_FULL, STORE_READ_ONLY,
// FILE_SYSTEM_ERROR.
absl::Status MakeCaptureFolder(int root, const std::string& id);

// Deletes the folder of a capture if an earlier daemon died before it had
// written the journal. Nobody knows of such a capture. A folder without any
// journal stays: its files were kept when the capture was deleted.
void DeleteUnfinishedFolder(int root, const std::string& id);

// Errors: STORE_READ_ONLY, FILE_SYSTEM_ERROR.
absl::StatusOr<UniqueFd> OpenCaptureFolder(int root, const std::string& id);

// A file of the daemon's own that an earlier daemon or a keeper has left.
struct OwnFile {
  UniqueFd fd;
  size_t size;
  // Its owner.
  uid_t user;
};

// Opens such a file for reading. Whatever has its name, this doesn't wait for
// it. Errors: NOT_FOUND if there is none, FAILED_PRECONDITION if it isn't a
// regular file that can be opened. The message goes on after the file's name,
// as "isn't a regular file".
absl::StatusOr<OwnFile> OpenOwnFile(int folder, const char* name);

// Returns the first bytes of such a file; fewer than `size` if it is shorter or
// can't be read to there.
std::string ReadOwnFile(const UniqueFd& file, size_t size);

// Warns of such a file, as "is damaged", which is ignored with `consequence`.
void WarnOfOwnFile(absl::string_view id, absl::string_view name,
                   absl::string_view what, absl::string_view consequence);

// Returns the ids of all captures that have a folder, in order.
std::vector<std::string> ListCaptureFolders(int root);

// Deletes the daemon's own files in the folder, and all others if asked. The
// folder goes if it is empty then. Errors: STORE_READ_ONLY, FILE_SYSTEM_ERROR.
absl::Status DeleteCaptureFolder(int root, const std::string& id,
                                 bool delete_files);

// Returns the size of all files in the folder together.
uint64_t CaptureFolderSize(int root, const std::string& id);

// Returns the error of a system call: STORE_FULL, STORE_READ_ONLY or
// FILE_SYSTEM_ERROR, with `action` as "folder can't be made".
absl::Status CaptureFolderError(absl::string_view action, int error);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_FOLDER_H_
