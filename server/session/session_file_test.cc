// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>

#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

constexpr size_t kSize = 300 << 10;

class SessionFileTest : public ::testing::Test {
 protected:
  SessionFileTest() {
    Write(std::string(kSize, 'x'), 0);
    struct stat opened = {};
    fstat(fd_, &opened);
    file_.emplace(UniqueFd(dup(fd_)), opened);
    file_->Remember();
  }
  ~SessionFileTest() override { close(fd_); }

  void Write(const std::string& bytes, off_t at) const {
    EXPECT_EQ(pwrite(fd_, bytes.data(), bytes.size(), at),
              static_cast<ssize_t>(bytes.size()));
    // The clock of the file system may not have moved on.
    static int seconds = 1'000'000;
    const timespec times[] = {{++seconds, 0}, {seconds, 0}};
    futimens(fd_, times);
  }

  const int fd_ = memfd_create("watched", MFD_CLOEXEC);
  std::optional<SessionFile> file_;
};

TEST_F(SessionFileTest, IsAsItWas) {
  EXPECT_FALSE(file_->HasChanged());
  EXPECT_FALSE(file_->HasChanged());
}

TEST_F(SessionFileTest, MayGrow) {
  Write("more", kSize);
  EXPECT_FALSE(file_->HasChanged());
  Write("and more", kSize + 4);
  EXPECT_FALSE(file_->HasChanged());
}

TEST_F(SessionFileTest, MayNotShrinkOrChange) {
  ASSERT_EQ(ftruncate(fd_, kSize - 1), 0);
  EXPECT_TRUE(file_->HasChanged());
  ASSERT_EQ(ftruncate(fd_, kSize), 0);
  Write("y", kSize - 1);
  EXPECT_TRUE(file_->HasChanged());
}

TEST_F(SessionFileTest, MayNotBeOverwrittenByALongerOne) {
  Write(std::string(2 * kSize, 'y'), 0);
  EXPECT_TRUE(file_->HasChanged());
  EXPECT_TRUE(file_->HasChanged());
}

TEST_F(SessionFileTest, MayNotChangeAtItsEndAndGrow) {
  Write("yyyy", kSize - 2);
  EXPECT_TRUE(file_->HasChanged());
}

}  // namespace
}  // namespace dissectd::server
