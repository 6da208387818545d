// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_TESTING_OPENED_FOLDERS_H_
#define SERVER_STORE_TESTING_OPENED_FOLDERS_H_

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <set>
#include <string>

#include "server/base/unique_fd.h"

namespace dissectd::server {

// Records which subfolders of a folder any process opens. The kernel has
// recorded a folder before its opening returns.
class OpenedFolders {
 public:
  explicit OpenedFolders(const std::string& folder)
      : events_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    EXPECT_GE(inotify_add_watch(events_.get(), folder.c_str(), IN_OPEN), 0);
  }

  // Returns the names of those that were opened since the last call.
  std::set<std::string> Take() const {
    std::set<std::string> names;
    std::array<char, 4096> buffer = {};
    while (true) {
      const ssize_t size = read(events_.get(), buffer.data(), buffer.size());
      if (size <= 0) return names;
      for (size_t at = 0; at < static_cast<size_t>(size);) {
        inotify_event event = {};
        std::memcpy(&event, buffer.data() + at, sizeof(event));
        if (event.len > 0) names.insert(buffer.data() + at + sizeof(event));
        at += sizeof(event) + event.len;
      }
    }
  }

 private:
  const UniqueFd events_;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_TESTING_OPENED_FOLDERS_H_
