// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/report_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dissectd::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Points = std::vector<std::pair<double, double>>;

Points PointsOf(const Plot& plot, size_t series) {
  Points points;
  for (const PlotPoint& point : plot.series.at(series).points) {
    points.emplace_back(point.x, point.y);
  }
  return points;
}

TEST(IoPlotTest, EachColumnIsASeries) {
  v1::IoTable table;
  table.set_interval_us(500'000);
  table.add_columns()->set_calculation(v1::IO_CALCULATION_FRAMES_AND_BYTES);
  v1::IoColumn* const sum = table.add_columns();
  sum->set_calculation(v1::IO_CALCULATION_SUM);
  sum->set_field("tcp.len");
  sum->set_filter("tcp.len > 0");
  for (const uint64_t start : {0, 500'000}) {
    v1::IoRow* const row = table.add_rows();
    row->set_start_us(start);
    row->add_values()->set_unsigned_value(3 + start);
    row->add_values()->set_unsigned_value(300);
    row->add_values()->mutable_time_value()->set_nanos(250'000'000);
  }
  const Plot plot = PlotOfIoTable(table, "io,stat,0.5");
  EXPECT_EQ(plot.title, "io,stat,0.5");
  EXPECT_EQ(plot.y_title, "In 0.5 s");
  ASSERT_EQ(plot.series.size(), 2u);
  EXPECT_EQ(plot.series[0].name, "frames");
  EXPECT_EQ(plot.series[1].name, "SUM(tcp.len) tcp.len > 0");
  EXPECT_THAT(PointsOf(plot, 0), ElementsAre(Pair(0, 3), Pair(0.5, 500'003)));
  EXPECT_THAT(PointsOf(plot, 1), ElementsAre(Pair(0, 0.25), Pair(0.5, 0.25)));
}

class TcpPlotTest : public ::testing::Test {
 protected:
  v1::TcpSegment* Add(bool from_server, int seconds) {
    v1::TcpSegment* const segment = graph_.add_segments();
    segment->set_from_server(from_server);
    segment->mutable_time()->set_seconds(seconds);
    segment->set_window(1000);
    return segment;
  }

  void Data(int seconds, uint32_t sequence, uint32_t length) {
    v1::TcpSegment* const segment = Add(true, seconds);
    segment->set_sequence(sequence);
    segment->set_length(length);
  }

  v1::TcpSegment* Acknowledgement(int seconds, uint32_t number) {
    v1::TcpSegment* const segment = Add(false, seconds);
    segment->set_acknowledgement(number);
    return segment;
  }

  v1::TcpGraph graph_;
};

TEST_F(TcpPlotTest, TheSideThatSendsMoreIsDrawn) {
  graph_.mutable_client()->set_resolved_name("a");
  graph_.mutable_client()->set_port(1);
  graph_.mutable_server()->set_resolved_name("b");
  graph_.mutable_server()->set_port(2);
  Data(1, 1, 100);
  Acknowledgement(2, 101)->set_length(50);
  const Plot plot = PlotOfTcpGraph(graph_, TcpPlotKind::kStevens);
  EXPECT_EQ(plot.title, "Sequence numbers (Stevens), b port 2 to a port 1");
  EXPECT_THAT(PointsOf(plot, 0), ElementsAre(Pair(1, 1)));
}

TEST_F(TcpPlotTest, EachSideCanBeDrawn) {
  Data(1, 1, 100);
  Acknowledgement(2, 101)->set_length(50);
  const auto points = [this](TcpSide side) {
    return PointsOf(PlotOfTcpGraph(graph_, TcpPlotKind::kStevens, side), 0);
  };
  EXPECT_THAT(points(TcpSide::kServer), ElementsAre(Pair(1, 1)));
  EXPECT_THAT(points(TcpSide::kClient), ElementsAre(Pair(2, 0)));
}

TEST_F(TcpPlotTest, SequenceNumbersGoOnWhereTheyWrapAround) {
  Data(1, 0xffffff00, 0x100);
  Data(2, 0, 0x100);
  Data(3, 0x100, 0);
  EXPECT_THAT(PointsOf(PlotOfTcpGraph(graph_, TcpPlotKind::kStevens), 0),
              ElementsAre(Pair(1, 4294967040), Pair(2, 4294967296)));
}

TEST_F(TcpPlotTest, TcptraceHasBarsAndTheLinesOfTheReceiver) {
  Data(1, 1, 100);
  v1::TcpBlock* const block = Acknowledgement(2, 51)->add_selective();
  block->set_left(60);
  block->set_right(101);
  const Plot plot = PlotOfTcpGraph(graph_, TcpPlotKind::kTcptrace);
  EXPECT_THAT(PointsOf(plot, 0), ElementsAre(Pair(1, 1), Pair(1, 101)));
  EXPECT_THAT(PointsOf(plot, 1), ElementsAre(Pair(2, 51)));
  EXPECT_THAT(PointsOf(plot, 2), ElementsAre(Pair(2, 1051)));
  EXPECT_THAT(PointsOf(plot, 3), ElementsAre(Pair(2, 60), Pair(2, 101)));
}

TEST_F(TcpPlotTest, ThroughputIsThatOfTheLastSecond) {
  Data(1, 1, 100);
  Data(1, 101, 100);
  Acknowledgement(1, 101);
  Acknowledgement(1, 201);
  Data(2, 201, 50);
  const Plot plot = PlotOfTcpGraph(graph_, TcpPlotKind::kThroughput);
  EXPECT_THAT(PointsOf(plot, 0),
              ElementsAre(Pair(1, 800), Pair(1, 1600), Pair(2, 400)));
  EXPECT_THAT(PointsOf(plot, 1), ElementsAre(Pair(1, 800)));
}

TEST_F(TcpPlotTest, RoundTripTimesAreThoseOfTheReceiver) {
  Data(1, 1, 100);
  Acknowledgement(2, 101)->mutable_round_trip_time()->set_nanos(2'000'000);
  Acknowledgement(3, 101);
  EXPECT_THAT(PointsOf(PlotOfTcpGraph(graph_, TcpPlotKind::kRoundTripTime), 0),
              ElementsAre(Pair(2, 2)));
}

TEST_F(TcpPlotTest, WindowsAreComparedWithBytesInFlight) {
  Acknowledgement(1, 1);
  Data(2, 1, 100);
  Acknowledgement(3, 101)->set_window(900);
  const Plot plot = PlotOfTcpGraph(graph_, TcpPlotKind::kWindow);
  EXPECT_THAT(PointsOf(plot, 0), ElementsAre(Pair(1, 1000), Pair(3, 900)));
  EXPECT_THAT(PointsOf(plot, 1), ElementsAre(Pair(2, 100), Pair(3, 0)));
}

TEST_F(TcpPlotTest, AnEmptyStreamHasNoPoints) {
  for (const TcpPlotKind kind :
       {TcpPlotKind::kStevens, TcpPlotKind::kTcptrace, TcpPlotKind::kThroughput,
        TcpPlotKind::kRoundTripTime, TcpPlotKind::kWindow}) {
    EXPECT_THAT(PointsOf(PlotOfTcpGraph(graph_, kind), 0), IsEmpty());
  }
}

}  // namespace
}  // namespace dissectd::cli
