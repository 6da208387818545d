// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_UPLOAD_COPIES_H_
#define SERVER_STORE_UPLOAD_COPIES_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/base/principal.h"

namespace dissectd::server {

// Uploads with a known hash, so that a client finds a file that it has uploaded
// before. Each has a note, the file `.copies/{id}`, which survives a restart of
// the daemon. Its time is that of the last use.
//
// Calls may block on the file system. Thread-safe.
class UploadCopies {
 public:
  using Clock = std::chrono::steady_clock;

  // What a client knows of its file.
  struct Key {
    Principal principal;
    std::string file_name;
    // 32 bytes.
    std::string sha256;
  };

  // `root` is the folder of the store, and outlives this.
  explicit UploadCopies(int root) : root_(root) {}
  UploadCopies(const UploadCopies&) = delete;
  UploadCopies& operator=(const UploadCopies&) = delete;

  // Reads the notes of earlier daemons, and forgets everything else. Call it
  // first.
  void Load() ABSL_LOCKS_EXCLUDED(mutex_);

  // Notes the hash that an upload is to have, and whose quota it counts for.
  // Errors: STORE_FULL, STORE_READ_ONLY, INTERNAL.
  absl::Status Begin(const std::string& id, const Key& key,
                     const std::string& owner) ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the hash that an upload is to have; empty if it has no note.
  std::string HashOf(const std::string& id) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Notes that the open file of an upload has the hash, before the upload is
  // finished. Errors: as Begin.
  absl::Status Complete(const std::string& id, int fd)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the id of a finished upload with this key whose file is unchanged,
  // and notes that it is used.
  std::optional<std::string> Find(const Key& key) ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the path of the finished upload that was used least recently, if
  // that was before `time`; of this owner, if it isn't null. Forgets uploads
  // whose files are gone or changed.
  std::optional<std::string> LeastRecent(Clock::time_point time,
                                         const std::string* owner)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Deletes the note of an upload, if it has one.
  void Forget(const std::string& id) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // What changes if a file is changed or replaced.
  struct Identity {
    uint64_t size = 0;
    uint64_t inode = 0;
    timespec change_time = {};
  };
  struct Copy {
    Key key;
    // Absent before the upload is complete.
    std::optional<Identity> identity;
    Clock::time_point last_use;
    // Whose share of the quota it counts for.
    std::string owner;
  };
  // What is looked up, and the ids.
  using ByKey = std::set<std::pair<std::string, std::string>>;
  using ByUse = std::set<std::pair<Clock::time_point, std::string>>;

  static std::string PathOf(const std::string& id, const Copy& copy);
  static std::optional<Identity> IdentityOf(int folder, const char* path);
  static std::string Encode(const Copy& copy);
  static std::optional<Copy> Decode(const std::string& note);
  std::optional<Copy> Read(const std::string& id) const;
  absl::Status Write(const std::string& id, const Copy& copy) const;
  // Whether the upload is finished, and its file is as it was then.
  bool IsUnchanged(const std::string& id, const Copy& copy) const;
  void Delete(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Add a copy, which must not change meanwhile, and remove it.
  void Add(const std::string& id, Copy copy)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Copy> Take(const std::string& id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int root_;
  mutable absl::Mutex mutex_;
  // Indexed by id.
  std::map<std::string, Copy> copies_ ABSL_GUARDED_BY(mutex_);
  // Those that are complete.
  ByKey by_key_ ABSL_GUARDED_BY(mutex_);
  ByUse by_use_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, ByUse> by_use_of_owner_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_UPLOAD_COPIES_H_
