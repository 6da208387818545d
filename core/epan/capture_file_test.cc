// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/capture_file.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

constexpr int kRecords = 5000;
// Less than a byte for each record.
constexpr size_t kAllowedGrowth = 4096;

size_t BytesInUse() { return mallinfo2().uordblks; }

class CaptureFileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { wtap_init(/*load_wiretap_plugins=*/FALSE); }
  static void TearDownTestSuite() { wtap_cleanup(); }

  CaptureFileTest() : fd_(memfd_create("capture", MFD_CLOEXEC)) {
    CaptureBuilder capture;
    for (int i = 0; i < kRecords; ++i) capture.Add(UdpFrame(1, 2, "payload"));
    const std::string& bytes = capture.bytes();
    EXPECT_EQ(write(fd_, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
    auto file = CaptureFile::Open(fd_, "capture", /*random_access=*/true);
    EXPECT_TRUE(file.ok()) << file.status();
    file_.emplace(*std::move(file));
  }
  ~CaptureFileTest() override { close(fd_); }

  CaptureFile& file() { return *file_; }

 private:
  const int fd_;
  std::optional<CaptureFile> file_;
};

TEST_F(CaptureFileTest, MemoryDoesNotGrowWithTheRecordsThatAreRead) {
  Record record;
  std::vector<int64_t> offsets(kRecords);
  ASSERT_TRUE(file().Read(&record, &offsets[0]));
  // Each record has options to free, even in pcap.
  ASSERT_NE(record.rec()->block, nullptr);
  size_t before = BytesInUse();
  for (int i = 1; i < kRecords; ++i) {
    ASSERT_TRUE(file().Read(&record, &offsets[i]));
  }
  EXPECT_LT(BytesInUse(), before + kAllowedGrowth);

  ASSERT_TRUE(file().SeekRead(offsets[0], &record));
  before = BytesInUse();
  for (const int64_t offset : offsets) {
    ASSERT_TRUE(file().SeekRead(offset, &record));
  }
  EXPECT_LT(BytesInUse(), before + kAllowedGrowth);
}

}  // namespace
}  // namespace dissectd::engine
