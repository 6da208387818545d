// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/file_dissection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/dissection/testing/dissection_fixture.h"
#include "core/engine/testing/capture_builder.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;

CaptureBuilder FourFrames() {
  CaptureBuilder capture;
  for (uint16_t port = 1; port <= 4; ++port) {
    capture.Add(UdpFrame(1000, port, "payload"));
  }
  return capture;
}

// Dissects with one pass, or with two if the parameter is true.
class FileDissectionTest : public DissectionTest,
                           public ::testing::WithParamInterface<bool> {
 protected:
  FileDissectionTest() { request_.options.two_pass = GetParam(); }

  void Run(const std::string& capture) {
    auto dissection =
        FileDissection::Create(request_, Open(capture), {epan(), &sink_});
    ASSERT_TRUE(dissection.ok()) << dissection.status();
    ASSERT_TRUE((*dissection)->Run().ok());
  }

  DissectRequest request_;
  RecordingSink sink_;
};

TEST_P(FileDissectionTest, EndsWithTheFile) {
  Run(FourFrames().bytes());
  EXPECT_THAT(sink_.Numbers(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(sink_.end_reason(), EndReason::kEndOfFile);
  EXPECT_EQ(sink_.totals().frames_read, 4u);
  EXPECT_EQ(sink_.totals().frames_sent, 4u);
}

TEST_P(FileDissectionTest, EndsWithTheLastFrameOfTheRange) {
  request_.view.range.last = 3;
  request_.view.display_filter = "udp.dstport != 2";
  Run(FourFrames().bytes());
  EXPECT_THAT(sink_.Numbers(), ElementsAre(1, 3));
  EXPECT_EQ(sink_.end_reason(), EndReason::kLimit);
  EXPECT_EQ(sink_.totals().frames_read, 3u);
}

TEST_P(FileDissectionTest, EndsWithTheNumberOfFramesInTheView) {
  request_.view.range.limit = 1;
  request_.view.display_filter = "udp.dstport == 2";
  Run(FourFrames().bytes());
  EXPECT_THAT(sink_.Numbers(), ElementsAre(2));
  EXPECT_EQ(sink_.end_reason(), EndReason::kLimit);
}

TEST_P(FileDissectionTest, EndsWithAnErrorOfReading) {
  CaptureBuilder capture = FourFrames();
  capture.AddCutShort(UdpFrame(1, 2, "payload"), 10);
  Run(capture.bytes());
  EXPECT_THAT(sink_.Numbers(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(sink_.end_reason(), EndReason::kReadError);
}

TEST_P(FileDissectionTest, TheReadFilterCountsWithTwoPassesOnly) {
  request_.options.read_filter = "udp.dstport >= 3";
  Run(FourFrames().bytes());
  if (GetParam()) {
    EXPECT_THAT(sink_.Numbers(), ElementsAre(1, 2));
  } else {
    EXPECT_THAT(sink_.Numbers(), ElementsAre(1, 2, 3, 4));
  }
  EXPECT_EQ(sink_.totals().frames_read, 4u);
}

TEST_P(FileDissectionTest, RefusesAFilterThatDoesNotCompile) {
  request_.view.display_filter = "udp.";
  const auto dissection = FileDissection::Create(
      request_, Open(FourFrames().bytes()), {epan(), &sink_});
  EXPECT_TRUE(absl::IsInvalidArgument(dissection.status()));
}

INSTANTIATE_TEST_SUITE_P(Passes, FileDissectionTest, ::testing::Bool());

}  // namespace
}  // namespace dissectd::engine
