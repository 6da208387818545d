// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FILE_STORE_H_
#define SERVER_STORE_FILE_STORE_H_

#include <atomic>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/unique_fd.h"
#include "server/store/folder_names.h"

namespace dissectd::server {

// The folder of captures. Nothing outside it can be reached, and symbolic links
// in it are ignored. Calls may block on the file system. Thread-safe.
class FileStore {
 public:
  struct FileInfo {
    // The path in the store, separated by '/'.
    std::string path;
    uint64_t size_bytes = 0;
    timespec modify_time = {};
    // Whether Delete can delete it.
    bool deletable = false;
  };

  // Opens the folder. Errors: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED,
  // and FAILED_PRECONDITION if the process lacks a system call.
  static absl::StatusOr<FileStore> Open(const std::string& folder);

  // Keeps other daemons from using the store until this object is destroyed or
  // the process ends. A store that can't be written to is not locked: any
  // number of daemons may serve it. Errors: ALREADY_EXISTS if another daemon
  // has locked it.
  absl::Status Lock() const;

  // What has become of the folder since it was opened.
  enum class Presence { kSame, kReplaced, kGone };

  // Looks for the folder under the path that Open was called with. If another
  // folder is there, opens and locks it, so that the descriptor of the folder
  // is that of the new one, and returns kReplaced; files are served again after
  // MarkThere. A folder that can't be opened, or that another daemon has
  // locked, counts as gone. Must not be called concurrently.
  Presence FindAgain();
  void MarkThere() { state_->there = true; }

  // Returns OK unless the folder was deleted, or was missing when FindAgain
  // looked for it. Errors: STORE_UNAVAILABLE.
  absl::Status CheckThere() const;

  // Opens a regular file for reading; `path` comes from ParseFileName. Errors:
  // FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_NOT_REGULAR, FILE_NOT_READABLE,
  // STORE_UNAVAILABLE.
  absl::StatusOr<UniqueFd> OpenFile(const std::string& path) const;

  // Describes a file. Errors: those of OpenFile except FILE_NOT_READABLE.
  absl::StatusOr<FileInfo> Stat(const std::string& path) const;

  using Visitor = absl::FunctionRef<bool(FileInfo file)>;

  // Makes a visit shorter. Functions may be absent.
  struct Selection {
    // Returns the names to visit in a folder, whose path ends with a slash,
    // in the order and form of FolderNames; null for all.
    std::function<std::shared_ptr<const FolderNames::Names>(
        const std::string& folder)>
        names;
    // Whether to end the visit.
    std::function<bool()> is_over;
  };

  // Visits the regular files whose paths come after `after` and begin with
  // `prefix`, in the order of their paths, until `visit` returns false. Reads
  // only the folders that are needed for that, and leaves out those that can't
  // be read. Errors: INTERNAL.
  absl::Status Visit(const std::string& after, const std::string& prefix,
                     Visitor visit, const Selection& selection = {}) const;

  // Deletes an uploaded or exported file, or one that a deleted capture has
  // left, and returns its size. Errors: those of Stat, FILE_READ_ONLY.
  absl::StatusOr<uint64_t> Delete(const std::string& path) const;

  // Returns the descriptor of the folder.
  int root_fd() const { return root_.get(); }

 private:
  // Apart, so that the store can be moved.
  struct State {
    std::atomic<bool> there{true};
    FolderNames names;
  };

  FileStore(UniqueFd root, std::string folder)
      : root_(std::move(root)),
        folder_(std::move(folder)),
        state_(std::make_unique<State>()) {}

  absl::Status LockFolder(int folder) const;
  absl::Status OpenAgain() const;

  UniqueFd root_;
  // The path that the operator gave.
  std::string folder_;
  std::unique_ptr<State> state_;
};

// The journal of a capture, in the capture's folder, and the name that it has
// until it is whole. Without either, the capture is deleted. Files whose names
// start with a dot aren't listed.
inline constexpr char kJournalName[] = ".journal";
inline constexpr char kNewJournalName[] = ".journal.new";

// Whether a path in the store is that of an upload or an export.
bool IsUploaded(const std::string& path);
// Whether a path in the store is that of a file of a capture, which may have
// been deleted.
bool IsOfCapture(const std::string& path);

// Opens `path` below the folder `root` without following links and without
// leaving it; `flags` as for open(2). Returns -1 and sets errno on failure.
int OpenBeneath(int root, const std::string& path, int flags);

}  // namespace dissectd::server

#endif  // SERVER_STORE_FILE_STORE_H_
