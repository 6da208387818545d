// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_NAMED_PATH_H_
#define CORE_BASE_NAMED_PATH_H_

#include <sys/types.h>

#include <string>

namespace dissectd {

// A path under which an open file is seen by a name of its own: a link in a
// folder of this process, for as long as this lives. One at a time in a
// process.
class NamedPath {
 public:
  // `name` is without folders.
  NamedPath(int fd, const std::string& name);
  ~NamedPath();
  NamedPath(const NamedPath&) = delete;
  NamedPath& operator=(const NamedPath&) = delete;

  // Empty if the link can't be made.
  const std::string& path() const { return link_; }

 private:
  std::string link_;
};

// Removes what a process left behind that died with a NamedPath.
void RemoveNamedPathOf(pid_t process);

}  // namespace dissectd

#endif  // CORE_BASE_NAMED_PATH_H_
