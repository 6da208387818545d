// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rtp_stream.h"

#include <gtest/gtest.h>

#include <vector>

namespace dissectd::engine {
namespace {

// What the packets of a stream differ in.
struct Sent {
  double milliseconds;
  uint16_t sequence_number;
  uint32_t timestamp;
  uint32_t payload_type = 0;
  bool marker = false;
};

RtpPacket PacketOf(const Sent& sent) {
  constexpr uint32_t kClockRate = 8000;
  return {sent.milliseconds, sent.sequence_number, sent.timestamp,
          sent.payload_type, sent.marker,          kClockRate};
}

RtpStream StreamOf(const std::vector<Sent>& packets) {
  RtpStream stream(PacketOf(packets.front()));
  for (size_t i = 1; i < packets.size(); ++i) stream.Add(PacketOf(packets[i]));
  return stream;
}

TEST(RtpStreamTest, HasNoTimesOfOnePacket) {
  const RtpStream stream = StreamOf({{7, 10, 1600}});
  EXPECT_EQ(stream.packets(), 1U);
  EXPECT_EQ(stream.lost(), 0);
  EXPECT_FALSE(stream.irregular());
  EXPECT_EQ(stream.delta().minimum(), -1);
  EXPECT_EQ(stream.jitter().minimum(), -1);
}

TEST(RtpStreamTest, MeasuresDeltaAndJitter) {
  const RtpStream stream =
      StreamOf({{0, 10, 1600}, {20, 11, 1760}, {47, 12, 1920}});
  EXPECT_FALSE(stream.irregular());
  EXPECT_EQ(stream.delta().minimum(), 20);
  EXPECT_EQ(stream.delta().maximum(), 27);
  EXPECT_EQ(stream.delta().mean(), 23.5);
  EXPECT_EQ(stream.jitter().minimum(), 0);
  EXPECT_EQ(stream.jitter().maximum(), 7.0 / 16);
}

TEST(RtpStreamTest, CountsLostPackets) {
  const RtpStream stream = StreamOf({{0, 10, 1600}, {60, 13, 2080}});
  EXPECT_EQ(stream.expected(), 4U);
  EXPECT_EQ(stream.lost(), 2);
  EXPECT_EQ(stream.lost_percent(), 50);
  EXPECT_TRUE(stream.irregular());
}

TEST(RtpStreamTest, CountsRepeatedPacketsAsNegativeLoss) {
  const RtpStream stream =
      StreamOf({{0, 10, 1600}, {20, 11, 1760}, {21, 11, 1760}});
  EXPECT_EQ(stream.lost(), -1);
  EXPECT_TRUE(stream.irregular());
}

TEST(RtpStreamTest, FollowsWraps) {
  const RtpStream stream = StreamOf(
      {{0, 65534, 0xFFFFFF00}, {20, 65535, 0xFFFFFFA0}, {40, 0, 0x40}});
  EXPECT_EQ(stream.expected(), 3U);
  EXPECT_EQ(stream.lost(), 0);
  EXPECT_FALSE(stream.irregular());
  EXPECT_EQ(stream.jitter().maximum(), 0);
}

TEST(RtpStreamTest, CountsWrapOfStreamThatBeginsWithZero) {
  const RtpStream stream =
      StreamOf({{0, 0, 1600}, {20, 65535, 1760}, {40, 0, 1920}});
  EXPECT_EQ(stream.expected(), 65537U);
}

TEST(RtpStreamTest, CalculatesNothingOfEarlierTimestamps) {
  const RtpStream stream =
      StreamOf({{0, 12, 1920}, {20, 11, 1760}, {47, 13, 2080}, {60, 14, 2240}});
  EXPECT_EQ(stream.packets(), 4U);
  EXPECT_EQ(stream.expected(), 3U);
  EXPECT_TRUE(stream.irregular());
  EXPECT_EQ(stream.delta().maximum(), 47);
}

TEST(RtpStreamTest, LeavesMarkersAndComfortNoiseOut) {
  const RtpStream stream = StreamOf({{0, 1, 160},
                                     {20, 2, 320, 0, true},
                                     {40, 3, 480, 13},
                                     {60, 4, 640},
                                     {85, 5, 800}});
  EXPECT_EQ(stream.delta().minimum(), 25);
  EXPECT_EQ(stream.delta().maximum(), 25);
}

}  // namespace
}  // namespace dissectd::engine
