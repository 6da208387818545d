// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/written_bytes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/base/unique_fd.h"
#include "server/metrics/events.h"

namespace dissectd::server {
namespace {

class WrittenBytesTest : public testing::Test {
 protected:
  WrittenBytesTest()
      : folder_(testing::TempDir() + "/written.XXXXXX"),
        root_(open(mkdtemp(folder_.data()), O_RDONLY | O_CLOEXEC)),
        bytes_(root_.get()) {}
  ~WrittenBytesTest() override { std::filesystem::remove_all(folder_); }

  void Append(const std::string& name, size_t size) {
    std::ofstream(folder_ + "/" + name, std::ios::app)
        << std::string(size, 'x');
  }

  // Returns the number of bytes that were counted since the last call.
  uint64_t Counted() {
    const uint64_t all = metrics::CountOf(metrics::Event::kBytesCaptured);
    const uint64_t counted = all - before_;
    before_ = all;
    return counted;
  }

  std::string folder_;
  const UniqueFd root_;
  WrittenBytes bytes_;
  uint64_t before_ = metrics::CountOf(metrics::Event::kBytesCaptured);
};

TEST_F(WrittenBytesTest, CountsWhatAFileGrowsBy) {
  Append("a", 10);
  bytes_.Note("a");
  bytes_.Measure();
  EXPECT_EQ(Counted(), 10u);
  Append("a", 5);
  EXPECT_EQ(Counted(), 0u) << "nobody has measured";
  bytes_.Note("a");
  bytes_.Measure();
  EXPECT_EQ(Counted(), 5u);
}

TEST_F(WrittenBytesTest, CountsTheLastBytesOfAFileBeforeTheNextOne) {
  Append("a", 10);
  bytes_.Note("a");
  bytes_.Measure();
  Append("a", 3);
  Append("b", 7);
  Append("c", 1);
  EXPECT_TRUE(bytes_.Note("b"));
  EXPECT_FALSE(bytes_.Note("c")) << "Measure will look at both";
  bytes_.Measure();
  EXPECT_EQ(Counted(), 10u + 3 + 7 + 1);
  EXPECT_TRUE(bytes_.Note("c"));
}

TEST_F(WrittenBytesTest, BytesOfAnEarlierDaemonAreNotCountedAgain) {
  Append("a", 10);
  bytes_.Skip("a");
  Append("a", 2);
  bytes_.Note("a");
  bytes_.Measure();
  EXPECT_EQ(Counted(), 2u);
}

TEST_F(WrittenBytesTest, AFileThatIsGoneTakesNothingBack) {
  Append("a", 10);
  bytes_.Note("a");
  bytes_.Measure();
  std::filesystem::remove(folder_ + "/a");
  Append("b", 1);
  bytes_.Note("b");
  bytes_.Measure();
  EXPECT_EQ(Counted(), 11u);
}

}  // namespace
}  // namespace dissectd::server
