// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FOLDER_NAMES_H_
#define SERVER_STORE_FOLDER_NAMES_H_

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dissectd::server {

// The names of the regular files and folders in folders, in the order of their
// paths: those of folders end with a slash. Names that begin with a dot are
// left out. The names in a large folder are kept until it changes, so that a
// page of a list needn't read and sort all of them. Thread-safe.
class FolderNames {
 public:
  using Names = std::vector<std::string>;

  // Returns the names in an open folder, or null with errno.
  std::shared_ptr<const Names> Read(int folder) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Key = std::pair<dev_t, ino_t>;
  struct Kept {
    timespec modify_time = {};
    timespec change_time = {};
    std::shared_ptr<const Names> names;
  };

  std::shared_ptr<const Names> Find(const Key& key, const struct stat& status)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Keep(const Key& key, Kept kept) ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::map<Key, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  // The memory of all names that are kept, in bytes.
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_FOLDER_NAMES_H_
