// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_TESTING_FILE_SIZE_LIMIT_H_
#define SERVER_BASE_TESTING_FILE_SIZE_LIMIT_H_

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstddef>

namespace dissectd::server {

// Limits the size of files while it exists, as if the disk were full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(size_t bytes) {
    // Otherwise the signal would end the test.
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_ = {};
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_TESTING_FILE_SIZE_LIMIT_H_
