// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/pipe_input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "clients/cli/scoped_fd.h"

namespace dissectd::cli {
namespace {

class PipeInputTest : public ::testing::Test {
 protected:
  PipeInputTest() {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    reader_ = ScopedFd(ends[0]);
    writer_ = ScopedFd(ends[1]);
  }

  void Write(const std::string& bytes) const {
    EXPECT_EQ(write(writer_.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  ScopedFd reader_;
  ScopedFd writer_;
};

TEST_F(PipeInputTest, ReadsUpToTheEnd) {
  PipeInput input(std::move(reader_));
  Write("abc");
  std::string bytes;
  ASSERT_TRUE(input.Read(&bytes));
  EXPECT_EQ(bytes, "abc");
  writer_ = ScopedFd();
  EXPECT_FALSE(input.Read(&bytes));
  EXPECT_EQ(input.error(), 0);
}

TEST_F(PipeInputTest, ReturnsNoBytesWhenNoneCome) {
  PipeInput input(std::move(reader_), std::chrono::milliseconds(10));
  std::string bytes = "before";
  ASSERT_TRUE(input.Read(&bytes));
  EXPECT_EQ(bytes, "");
  Write("abc");
  ASSERT_TRUE(input.Read(&bytes));
  EXPECT_EQ(bytes, "abc");
}

TEST_F(PipeInputTest, StopEndsTheWait) {
  PipeInput input(std::move(reader_));
  std::thread stopper([&input] { input.Stop(); });
  std::string bytes;
  EXPECT_FALSE(input.Read(&bytes));
  stopper.join();
}

}  // namespace
}  // namespace dissectd::cli
