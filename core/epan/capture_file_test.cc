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
constexpr off_t kHeaderBytes = 24;
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

  // Leaves only the header of the file.
  void Cut() const { EXPECT_EQ(ftruncate(fd_, kHeaderBytes), 0); }

  int ErrorCode() const { return file_->error() ? file_->error()->code : 0; }

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

TEST_F(CaptureFileTest, TheEndOfAFileIsNoError) {
  Record record;
  int64_t offset = 0;
  while (file().Read(&record, &offset)) {
  }
  EXPECT_EQ(ErrorCode(), 0);
}

// Whatever has been read, the cut is between two records.
TEST_F(CaptureFileTest, AFileThatBecomesShorterIsCutShort) {
  Record record;
  int64_t offset = 0;
  for (int i = 0; i < kRecords; ++i) {
    ASSERT_TRUE(file().Read(&record, &offset));
  }
  Cut();
  EXPECT_FALSE(file().Read(&record, &offset));
  EXPECT_EQ(ErrorCode(), WTAP_ERR_SHORT_READ);
}

TEST_F(CaptureFileTest, ARecordThatWasCutOffIsCutShort) {
  Record record;
  int64_t offset = 0;
  for (int i = 0; i < kRecords; ++i) {
    ASSERT_TRUE(file().Read(&record, &offset));
  }
  Cut();
  EXPECT_FALSE(file().SeekRead(offset, &record));
  EXPECT_EQ(ErrorCode(), WTAP_ERR_SHORT_READ);
}

// wiretap's reader of pcapng leaves it to its caller to know that there was a
// record.
TEST_F(CaptureFileTest, SoIsABlockThatWasCutOff) {
  const std::string bytes = CaptureWithTimelessRecord(UdpFrame(1, 2, "x"));
  const int fd = memfd_create("pcapng", MFD_CLOEXEC);
  ASSERT_EQ(write(fd, bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  auto capture = CaptureFile::Open(fd, "capture", /*random_access=*/true);
  ASSERT_TRUE(capture.ok()) << capture.status();
  Record record;
  int64_t offset = 0;
  ASSERT_TRUE(capture->Read(&record, &offset));
  ASSERT_EQ(ftruncate(fd, offset), 0);
  EXPECT_FALSE(capture->SeekRead(offset, &record));
  ASSERT_TRUE(capture->error().has_value());
  EXPECT_EQ(capture->error()->code, WTAP_ERR_SHORT_READ);
  close(fd);
}

}  // namespace
}  // namespace dissectd::engine
