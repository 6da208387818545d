// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/testing/dissection_fixture.h"

#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "core/epan/library.h"

namespace dissectd::engine {

absl::Status RecordingSink::AddFrame(epan_dissect_t* edt,
                                     const frame_data& frame, ColumnSet*) {
  frames_.push_back(
      {frame.num, frame.prev_dis_num, frame.cum_bytes, edt->tree != nullptr});
  return absl::OkStatus();
}

absl::Status RecordingSink::SendEnd(EndReason reason,
                                    const ProgressReport& totals,
                                    const WtapError*, absl::string_view) {
  end_reason_ = reason;
  totals_ = totals;
  return absl::OkStatus();
}

std::vector<uint32_t> RecordingSink::Numbers() const {
  std::vector<uint32_t> numbers;
  for (const Frame& frame : frames_) numbers.push_back(frame.number);
  return numbers;
}

void DissectionTest::SetUpTestSuite() {
  static const bool kInitialised = InitLibrary("dissection_test").ok();
  ASSERT_TRUE(kInitialised);
}

CaptureFile DissectionTest::Open(const std::string& bytes) {
  const int fd = memfd_create("capture", MFD_CLOEXEC);
  EXPECT_EQ(write(fd, bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
  auto file = CaptureFile::Open(fd, "capture.pcap", /*random_access=*/true);
  EXPECT_TRUE(file.ok()) << file.status();
  close(fd);
  return *std::move(file);
}

}  // namespace dissectd::engine
