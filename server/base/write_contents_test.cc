// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/write_contents.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>

#include "server/base/testing/file_size_limit.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

class WriteContentsTest : public testing::Test {
 protected:
  std::string Contents() const {
    char bytes[64];
    const ssize_t count = pread(file_.get(), bytes, sizeof(bytes), 0);
    return count < 0 ? "" : std::string(bytes, static_cast<size_t>(count));
  }

  const UniqueFd file_ = UniqueFd(memfd_create("test", MFD_CLOEXEC));
};

TEST_F(WriteContentsTest, WritesFromTheOffset) {
  EXPECT_EQ(WriteContents(file_.get(), "0123456789"), 0);
  EXPECT_EQ(WriteContents(file_.get(), "abc", 4), 0);
  EXPECT_EQ(Contents(), "0123abc789");
}

TEST_F(WriteContentsTest, NothingIsWrittenWithoutBytes) {
  EXPECT_EQ(WriteContents(file_.get(), "", 5), 0);
  EXPECT_EQ(Contents(), "");
}

// The kernel writes what still fits, and has an error for the rest.
TEST_F(WriteContentsTest, APartThatIsWrittenIsNotTheEnd) {
  {
    const FileSizeLimit limit(6);
    EXPECT_EQ(WriteContents(file_.get(), "0123456789"), EFBIG);
  }
  EXPECT_EQ(Contents(), "012345");
}

TEST_F(WriteContentsTest, ReturnsTheErrorNumber) {
  EXPECT_EQ(WriteContents(-1, "x"), EBADF);
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full.valid());
  EXPECT_EQ(WriteContents(full.get(), "x"), ENOSPC);
}

}  // namespace
}  // namespace dissectd::server
