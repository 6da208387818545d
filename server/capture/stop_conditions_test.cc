// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/stop_conditions.h"

#include <gtest/gtest.h>

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

v1::CaptureOptions Options() {
  v1::CaptureOptions options;
  options.add_interfaces()->set_name("lo");
  return options;
}

CaptureExtent Extent() {
  CaptureExtent extent;
  extent.packets = 99;
  extent.files = 3;
  extent.file_size_bytes = 9'999;
  extent.duration = milliseconds(4'900);
  return extent;
}

TEST(StopConditionsTest, NoneIsEverMetWithoutAny) {
  EXPECT_FALSE(HasMetStopCondition(Options(), Extent()));
}

TEST(StopConditionsTest, EachIsMetAtItsLimit) {
  v1::CaptureOptions packets = Options();
  packets.mutable_stop()->set_packets(100);
  v1::CaptureOptions files = Options();
  files.mutable_stop()->set_files(4);
  v1::CaptureOptions size = Options();
  size.mutable_stop()->set_file_size_kb(10);
  v1::CaptureOptions duration = Options();
  duration.mutable_stop()->mutable_duration()->set_seconds(5);
  for (const v1::CaptureOptions& options : {packets, files, size, duration}) {
    EXPECT_FALSE(HasMetStopCondition(options, Extent()))
        << options.DebugString();
  }
  CaptureExtent extent = Extent();
  extent.packets = 100;
  EXPECT_TRUE(HasMetStopCondition(packets, extent));
  EXPECT_FALSE(HasMetStopCondition(files, extent));
  extent = Extent();
  extent.files = 4;
  EXPECT_TRUE(HasMetStopCondition(files, extent));
  EXPECT_FALSE(HasMetStopCondition(size, extent));
  extent = Extent();
  extent.file_size_bytes = 10'000;
  EXPECT_TRUE(HasMetStopCondition(size, extent));
  EXPECT_FALSE(HasMetStopCondition(duration, extent));
  extent = Extent();
  extent.duration = seconds(5);
  EXPECT_TRUE(HasMetStopCondition(duration, extent));
  EXPECT_FALSE(HasMetStopCondition(packets, extent));
}

TEST(StopConditionsTest, APipeThatIsClosedEndsACapture) {
  v1::CaptureOptions options;
  options.add_interfaces()->set_name("/pipes/one");
  EXPECT_TRUE(HasMetStopCondition(options, CaptureExtent()));
}

}  // namespace
}  // namespace dissectd::server
