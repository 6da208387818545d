// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/crashing_frames.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dissectd::server {
namespace {

class CrashingFramesTest : public ::testing::Test {
 protected:
  CrashingFramesTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  std::vector<std::filesystem::path> Files() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      files.push_back(entry.path());
    }
    return files;
  }

  const std::string folder_ =
      std::string(std::getenv("TEST_TMPDIR")) + "/frames";
  CrashingFrames frames_{folder_};
};

TEST_F(CrashingFramesTest, AFileHasTheFrameAndOnlyItsOwnerReadsIt) {
  frames_.Keep("capture", "request_id=x");
  const auto files = Files();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].extension(), ".pcapng");
  std::ifstream file(files[0], std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "capture");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(files[0]).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(CrashingFramesTest, KeepsNoMoreFramesThanTheLimit) {
  for (size_t i = 0; i < CrashingFrames::kMaxFrames + 3; ++i) {
    frames_.Keep("capture", "request_id=x");
  }
  EXPECT_EQ(Files().size(), CrashingFrames::kMaxFrames);
  std::filesystem::remove(Files()[0]);
  frames_.Keep("capture", "request_id=x");
  EXPECT_EQ(Files().size(), CrashingFrames::kMaxFrames);
}

TEST_F(CrashingFramesTest, KeepsNoLargeFrame) {
  frames_.Keep(std::string(CrashingFrames::kMaxFrameBytes + 1, 'x'),
               "request_id=x");
  EXPECT_TRUE(Files().empty());
}

TEST_F(CrashingFramesTest, AFolderThatIsGoneIsNoError) {
  std::filesystem::remove_all(folder_);
  frames_.Keep("capture", "request_id=x");
  EXPECT_FALSE(std::filesystem::exists(folder_));
}

}  // namespace
}  // namespace dissectd::server
