// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rtp_clock_rate.h"

#include <gtest/gtest.h>

namespace dissectd::engine {
namespace {

TEST(RtpClockRateTest, KnowsStaticTypes) {
  EXPECT_EQ(RtpClockRate({0, "", 0}), 8000U);
  EXPECT_EQ(RtpClockRate({10, "", 0}), 44100U);
  EXPECT_EQ(RtpClockRate({34, "", 0}), 90000U);
  EXPECT_EQ(RtpClockRate({20, "", 0}), 0U);
  EXPECT_EQ(RtpClockRate({95, "", 0}), 0U);
  EXPECT_EQ(RtpClockRate({0, "PCMU", 16000}), 8000U);
}

TEST(RtpClockRateTest, TakesRateOfDynamicType) {
  EXPECT_EQ(RtpClockRate({96, "opus", 48000}), 48000U);
  EXPECT_EQ(RtpClockRate({96, "", 0}), 0U);
}

TEST(RtpClockRateTest, GuessesByLongestPrefix) {
  EXPECT_EQ(RtpClockRate({96, "amr", 0}), 8000U);
  EXPECT_EQ(RtpClockRate({96, "AMR-WB", 0}), 16000U);
  EXPECT_EQ(RtpClockRate({96, "EVRCWB0", 0}), 16000U);
  EXPECT_EQ(RtpClockRate({96, "opus", 0}), 0U);
}

TEST(RtpClockRateTest, HasNoRateOfTelephoneEvents) {
  EXPECT_EQ(RtpClockRate({101, "Telephone-Event", 8000}), 0U);
}

}  // namespace
}  // namespace dissectd::engine
