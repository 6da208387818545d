// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_DIR_PTR_H_
#define SERVER_BASE_DIR_PTR_H_

#include <dirent.h>
#include <unistd.h>

#include <memory>

namespace dissectd::server {

struct DirCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};
// Owns a folder that is being read.
using DirPtr = std::unique_ptr<DIR, DirCloser>;

// Takes over the descriptor of a folder. Returns null if it isn't one, or can't
// be read.
inline DirPtr OpenDir(int fd) {
  DIR* folder = fd < 0 ? nullptr : fdopendir(fd);
  if (folder == nullptr && fd >= 0) close(fd);
  return DirPtr(folder);
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_DIR_PTR_H_
