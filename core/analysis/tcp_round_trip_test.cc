// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/tcp_round_trip.h"

#include <gtest/gtest.h>

#include <optional>

namespace dissectd::engine {
namespace {

TEST(TcpRoundTripTest, AnAcknowledgementHasTheTimeOfTheLastSegment) {
  TcpRoundTrip sent;
  sent.Send(1, 100, 10);
  sent.Send(101, 100, 20);
  sent.Send(201, 100, 30);
  EXPECT_EQ(sent.Acknowledge(201), 20);
  EXPECT_EQ(sent.Acknowledge(201), std::nullopt);
  EXPECT_EQ(sent.Acknowledge(301), 30);
}

TEST(TcpRoundTripTest, AnAcknowledgedPartIsNoSegment) {
  TcpRoundTrip sent;
  sent.Send(1, 100, 10);
  EXPECT_EQ(sent.Acknowledge(51), std::nullopt);
  EXPECT_EQ(sent.Acknowledge(101), 10);
}

TEST(TcpRoundTripTest, SegmentsWithoutBytesDoNotCount) {
  TcpRoundTrip sent;
  sent.Send(1, 0, 10);
  EXPECT_EQ(sent.Acknowledge(1), std::nullopt);
}

TEST(TcpRoundTripTest, BytesThatAreSentAgainKeepTheirTime) {
  TcpRoundTrip sent;
  sent.Send(1, 100, 10);
  sent.Send(1, 100, 20);
  sent.Send(51, 50, 30);
  EXPECT_EQ(sent.Acknowledge(101), 10);
}

TEST(TcpRoundTripTest, BlocksAreAcknowledgedOnce) {
  TcpRoundTrip sent;
  sent.Send(1, 100, 10);
  sent.Send(101, 100, 20);
  sent.Send(201, 100, 30);
  EXPECT_EQ(sent.AcknowledgeBlock(101, 301), 30);
  EXPECT_EQ(sent.AcknowledgeBlock(101, 301), std::nullopt);
  EXPECT_EQ(sent.Acknowledge(301), 10);
}

TEST(TcpRoundTripTest, SequenceNumbersWrapAround) {
  TcpRoundTrip sent;
  sent.Send(0xfffffff0, 0x20, 10);
  sent.Send(0x10, 0x20, 20);
  EXPECT_EQ(sent.Acknowledge(0x10), 10);
  EXPECT_EQ(sent.Acknowledge(0x30), 20);
}

}  // namespace
}  // namespace dissectd::engine
