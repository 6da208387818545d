// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_layout.h"

#include <gtest/gtest.h>

namespace dissectd::engine {
namespace {

IoLayoutOptions Options(uint64_t duration_us, uint64_t interval_us,
                        int decimals) {
  IoLayoutOptions options;
  options.duration_us = duration_us;
  options.interval_us = interval_us;
  options.decimals = decimals;
  return options;
}

// The expected texts are tshark's.

TEST(IoStatLayoutTest, NamesTheEndOfTheLastWholeSecond) {
  IoLayoutOptions options = Options(1500000, 1000000, 0);
  options.columns = {{"Frames and bytes", {{"Frames", 6}, {"Bytes", 5}}}};
  const IoStatLayout layout(options);
  ASSERT_EQ(layout.row_count(), 2);
  EXPECT_EQ(layout.Head() + layout.Row(0, {"1", "42"}) +
                layout.Row(1, {"1", "42"}) + layout.Foot(),
            "\n"
            "=============================\n"
            "| IO Statistics             |\n"
            "|                           |\n"
            "| Duration: 1.500000 secs   |\n"
            "| Interval: 1 secs          |\n"
            "|                           |\n"
            "| Col 1: Frames and bytes   |\n"
            "|---------------------------|\n"
            "|          |1               |\n"
            "| Interval | Frames | Bytes |\n"
            "|---------------------------|\n"
            "|  0 <> 1  |      1 |    42 |\n"
            "|  1 <> Dur|      1 |    42 |\n"
            "=============================\n");
}

TEST(IoStatLayoutTest, KeepsTheCrookedLinesOfRoundedDurations) {
  IoLayoutOptions options = Options(9900000, 5000000, 0);
  options.columns = {{"FRAMES()", {{"FRAMES", 6}}}};
  const IoStatLayout layout(options);
  EXPECT_EQ(layout.Head() + layout.Row(0, {"1"}) + layout.Row(1, {"1"}) +
                layout.Foot(),
            "\n"
            "==========================\n"
            "| IO Statistics          |\n"
            "|                        |\n"
            "| Duration: 9.900000 secs|\n"
            "| Interval: 5 secs      |\n"
            "|                        |\n"
            "| Col 1: FRAMES()        |\n"
            "|------------------------|\n"
            "|          |1       |    |\n"
            "| Interval | FRAMES |    |\n"
            "|-------------------|    |\n"
            "| 0 <> 5 |      1 |    |\n"
            "| 5 <> Dur|      1 |    |\n"
            "==========================\n");
}

TEST(IoStatLayoutTest, TakesADurationWithoutIntervals) {
  IoLayoutOptions options = Options(0, kWholeCapture, 0);
  options.columns = {{"ip", {{"Frames", 6}, {"Bytes", 5}}}};
  EXPECT_EQ(IoStatLayout(options).row_count(), 0);
}

TEST(IoStatLayoutTest, ForgetsTheTitleOfUtcTimes) {
  IoLayoutOptions options = Options(3000, 1000, 3);
  options.times = IoTimes::kTimeOfDay;
  options.utc = true;
  options.start_time = 1000000000;
  options.columns = {{"ip", {{"Frames", 6}, {"Bytes", 5}}}};
  const IoStatLayout layout(options);
  EXPECT_NE(layout.Head().find("\n|                |1               |       | "
                               "Frames | Bytes |\n"),
            std::string::npos);
  EXPECT_EQ(layout.Row(1, {"0", "0"}), "| 01:46:40 |      0 |     0 |\n");
}

}  // namespace
}  // namespace dissectd::engine
