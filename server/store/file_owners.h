// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FILE_OWNERS_H_
#define SERVER_STORE_FILE_OWNERS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/principal.h"

namespace dissectd::server {

// The owners and readers of uploads, exports and captures. Each has a note in
// the folder `.owners` of the store, which survives a restart of the daemon,
// and which clients can't name.
//
// A note has a key: `uploads/{id}`, `captures/{id}`, or for an export the
// identity of its file, as another file can get its name later.
//
// Calls may block on the file system, except those that say that they don't.
// Thread-safe.
class FileOwners {
 public:
  struct Ownership {
    // The id of a principal.
    std::string owner;
    // As for NamesPrincipal.
    std::vector<std::string> readers;
  };

  // `root` is the folder of the store, and outlives this. Reads the notes of
  // earlier daemons, and deletes those of files that are gone.
  explicit FileOwners(int root);
  FileOwners(const FileOwners&) = delete;
  FileOwners& operator=(const FileOwners&) = delete;

  // Don't block.
  static std::string UploadKey(absl::string_view id);
  static std::string CaptureKey(absl::string_view id);

  // Returns the key of an export by its open file. Errors: FILE_SYSTEM_ERROR.
  static absl::StatusOr<std::string> ExportKey(int fd);

  // Returns the key that belongs to a file of the store; absent if clients
  // don't make such files. `fd` is the open file, or -1.
  std::optional<std::string> KeyOf(const std::string& path, int fd = -1) const;

  // Doesn't block.
  std::optional<Ownership> Find(const std::string& key) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns, in order, the names in a folder (`kind`: that of uploads, exports
  // or captures) of what a principal owns or has been shared with it. An export
  // that the operator has renamed is missing until the next start. The work
  // doesn't grow with the notes about others. Doesn't block.
  std::vector<std::string> NamesFor(const Principal& principal,
                                    absl::string_view kind) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // As Find, for the file with this path, which may be open as `fd`.
  std::optional<Ownership> FindFile(const std::string& path, int fd = -1) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes a note to the disk. Errors: STORE_FULL, STORE_READ_ONLY,
  // FILE_SYSTEM_ERROR; then nothing has changed.
  absl::Status Set(const std::string& key, const Ownership& ownership)
      ABSL_LOCKS_EXCLUDED(mutex_, disk_mutex_);

  // As Set, for an export that is about to get a name in the folder of exports.
  absl::Status SetExport(const std::string& key, const std::string& name,
                         const Ownership& ownership)
      ABSL_LOCKS_EXCLUDED(mutex_, disk_mutex_);

  // Sets the owner of something whose note isn't needed yet, as its owner is on
  // the disk otherwise. Keeps the readers of a note that was read. Doesn't
  // block.
  void Remember(const std::string& key, const std::string& owner)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Writes the note of something that was only remembered. Errors: as Set.
  absl::Status Keep(const std::string& key)
      ABSL_LOCKS_EXCLUDED(mutex_, disk_mutex_);

  // Deletes a note, if there is one.
  void Forget(const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_, disk_mutex_);

  // Whether what a note is about, other than an export, exists.
  bool Exists(const std::string& key) const;

  // Held while a name in the folder of exports is checked and then used.
  absl::Mutex* export_names() const { return &export_names_; }

 private:
  void Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Reads the notes of a kind, such as `uploads`.
  void LoadKind(const std::string& kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LoadNote(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns the names of the exports that exist, by their keys.
  std::map<std::string, std::string> NamesOfExports() const;
  // Looks at the next few uploads, and deletes the notes of those that
  // UploadStore has deleted.
  void ForgetExpired() ABSL_LOCKS_EXCLUDED(mutex_)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(disk_mutex_);
  // Replace and remove a note in memory.
  void Put(const std::string& key, Ownership ownership)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Erase(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int root_;
  // Held while notes are written, one after the other.
  absl::Mutex disk_mutex_;
  mutable absl::Mutex export_names_;
  mutable absl::Mutex mutex_;
  // Indexed by key.
  std::map<std::string, Ownership> notes_ ABSL_GUARDED_BY(mutex_);
  // The keys of the notes that name an owner or a reader.
  std::map<std::string, std::set<std::string>> keys_by_name_
      ABSL_GUARDED_BY(mutex_);
  // The names of exports by their keys.
  std::map<std::string, std::string> export_names_by_key_
      ABSL_GUARDED_BY(mutex_);
  // The key that ForgetExpired looked at last.
  std::string looked_at_ ABSL_GUARDED_BY(disk_mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_FILE_OWNERS_H_
