// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/plot/report_plot.h"

namespace dissectd::cli {
namespace {

constexpr double kNanosPerSecond = 1e9;
constexpr double kMillisecondsPerSecond = 1000;
constexpr double kBitsPerByte = 8;
// Throughput is that of the last second, as in Wireshark.
constexpr double kThroughputSeconds = 1;

double Seconds(const v1::TimeValue& time) {
  return static_cast<double>(time.seconds()) + time.nanos() / kNanosPerSecond;
}

// Counts on where sequence numbers wrap around.
class SequenceNumbers {
 public:
  double Position(uint32_t sequence) {
    if (!known_) {
      known_ = true;
      last_ = sequence;
      position_ = sequence;
    }
    position_ += static_cast<int32_t>(sequence - last_);
    last_ = sequence;
    return static_cast<double>(position_);
  }

 private:
  bool known_ = false;
  uint32_t last_ = 0;
  int64_t position_ = 0;
};

bool ServerSendsMore(const v1::TcpGraph& graph) {
  int64_t client = 0;
  int64_t server = 0;
  for (const v1::TcpSegment& segment : graph.segments()) {
    (segment.from_server() ? server : client) += segment.length();
  }
  return server > client;
}

// The side whose bytes a graph is about.
class Sender {
 public:
  Sender(const v1::TcpGraph& graph, TcpSide side)
      : graph_(graph),
        is_server_(side == TcpSide::kServer ||
                   (side == TcpSide::kSendsMore && ServerSendsMore(graph))) {}

  bool Sent(const v1::TcpSegment& segment) const {
    return segment.from_server() == is_server_;
  }

  std::string Direction() const {
    const std::string client = Name(graph_.client());
    const std::string server = Name(graph_.server());
    return is_server_ ? absl::StrCat(server, " to ", client)
                      : absl::StrCat(client, " to ", server);
  }

 private:
  static std::string Name(const v1::Endpoint& endpoint) {
    return absl::StrCat(endpoint.resolved_name(), " port ", endpoint.port());
  }

  const v1::TcpGraph& graph_;
  const bool is_server_;
};

using Series = std::vector<PlotSeries>;

Series Stevens(const v1::TcpGraph& graph, const Sender& sender) {
  PlotSeries dots{"sequence number", PlotStyle::kDots, {}};
  SequenceNumbers numbers;
  for (const v1::TcpSegment& segment : graph.segments()) {
    if (!sender.Sent(segment) || segment.length() == 0) continue;
    dots.points.push_back(
        {Seconds(segment.time()), numbers.Position(segment.sequence())});
  }
  return {std::move(dots)};
}

Series Tcptrace(const v1::TcpGraph& graph, const Sender& sender) {
  PlotSeries sent{"segments", PlotStyle::kBars, {}};
  PlotSeries acknowledged{"acknowledged", PlotStyle::kSteps, {}};
  PlotSeries window{"window", PlotStyle::kSteps, {}};
  PlotSeries selective{"SACK", PlotStyle::kBars, {}};
  SequenceNumbers numbers;
  for (const v1::TcpSegment& segment : graph.segments()) {
    const double time = Seconds(segment.time());
    if (sender.Sent(segment)) {
      if (segment.length() == 0) continue;
      const double begin = numbers.Position(segment.sequence());
      sent.points.push_back({time, begin});
      sent.points.push_back({time, begin + segment.length()});
    } else if (segment.has_acknowledgement()) {
      const double next = numbers.Position(segment.acknowledgement());
      acknowledged.points.push_back({time, next});
      window.points.push_back({time, next + segment.window()});
      for (const v1::TcpBlock& block : segment.selective()) {
        selective.points.push_back({time, numbers.Position(block.left())});
        selective.points.push_back({time, numbers.Position(block.right())});
      }
    }
  }
  return {std::move(sent), std::move(acknowledged), std::move(window),
          std::move(selective)};
}

// The bits of the last second.
class Throughput {
 public:
  explicit Throughput(std::string name)
      : series_{std::move(name), PlotStyle::kLine, {}} {}

  void Add(double time, double bytes) {
    last_.push_back({time, bytes});
    sum_ += bytes;
    while (last_.front().x <= time - kThroughputSeconds) {
      sum_ -= last_.front().y;
      last_.pop_front();
    }
    series_.points.push_back({time, sum_ * kBitsPerByte / kThroughputSeconds});
  }

  PlotSeries&& Take() && { return std::move(series_); }

 private:
  PlotSeries series_;
  std::deque<PlotPoint> last_;
  double sum_ = 0;
};

Series ThroughputAndGoodput(const v1::TcpGraph& graph, const Sender& sender) {
  Throughput all("throughput");
  Throughput good("goodput");
  SequenceNumbers numbers;
  double acknowledged = -1;
  for (const v1::TcpSegment& segment : graph.segments()) {
    const double time = Seconds(segment.time());
    if (sender.Sent(segment)) {
      if (segment.length() > 0) all.Add(time, segment.length());
    } else if (segment.has_acknowledgement()) {
      const double next = numbers.Position(segment.acknowledgement());
      if (acknowledged >= 0 && next > acknowledged) {
        good.Add(time, next - acknowledged);
      }
      acknowledged = std::max(acknowledged, next);
    }
  }
  return {std::move(all).Take(), std::move(good).Take()};
}

Series RoundTripTimes(const v1::TcpGraph& graph, const Sender& sender) {
  PlotSeries dots{"round-trip time", PlotStyle::kDots, {}};
  for (const v1::TcpSegment& segment : graph.segments()) {
    if (sender.Sent(segment) || !segment.has_round_trip_time()) continue;
    dots.points.push_back(
        {Seconds(segment.time()),
         Seconds(segment.round_trip_time()) * kMillisecondsPerSecond});
  }
  return {std::move(dots)};
}

Series Windows(const v1::TcpGraph& graph, const Sender& sender) {
  PlotSeries window{"window of the receiver", PlotStyle::kSteps, {}};
  PlotSeries unacknowledged{"bytes in flight", PlotStyle::kSteps, {}};
  SequenceNumbers numbers;
  double sent = -1;
  double acknowledged = -1;
  for (const v1::TcpSegment& segment : graph.segments()) {
    const double time = Seconds(segment.time());
    if (sender.Sent(segment)) {
      if (segment.length() == 0) continue;
      sent = std::max(sent,
                      numbers.Position(segment.sequence()) + segment.length());
    } else {
      window.points.push_back({time, static_cast<double>(segment.window())});
      if (!segment.has_acknowledgement()) continue;
      acknowledged =
          std::max(acknowledged, numbers.Position(segment.acknowledgement()));
    }
    if (sent < 0 || acknowledged < 0) continue;
    unacknowledged.points.push_back({time, std::max(0.0, sent - acknowledged)});
  }
  return {std::move(window), std::move(unacknowledged)};
}

}  // namespace

Plot PlotOfTcpGraph(const v1::TcpGraph& graph, TcpPlotKind kind, TcpSide side) {
  const Sender sender(graph, side);
  Plot plot;
  plot.x_title = "s";
  switch (kind) {
    case TcpPlotKind::kStevens:
      plot.title = "Sequence numbers (Stevens)";
      plot.y_title = "Bytes";
      plot.series = Stevens(graph, sender);
      break;
    case TcpPlotKind::kTcptrace:
      plot.title = "Sequence numbers (tcptrace)";
      plot.y_title = "Bytes";
      plot.series = Tcptrace(graph, sender);
      break;
    case TcpPlotKind::kThroughput:
      plot.title = "Throughput";
      plot.y_title = "Bits in the last second";
      plot.series = ThroughputAndGoodput(graph, sender);
      break;
    case TcpPlotKind::kRoundTripTime:
      plot.title = "Round-trip time";
      plot.y_title = "ms";
      plot.series = RoundTripTimes(graph, sender);
      break;
    case TcpPlotKind::kWindow:
      plot.title = "Window scaling";
      plot.y_title = "Bytes";
      plot.series = Windows(graph, sender);
      break;
  }
  absl::StrAppend(&plot.title, ", ", sender.Direction());
  return plot;
}

}  // namespace dissectd::cli
