// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/tcp_graph_report.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tap.h"
#include "core/analysis/tcp_round_trip.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "tcp,graph";
constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr uint32_t kAckFlag = 0x10;

int64_t Nanoseconds(const nstime_t& time) {
  return static_cast<int64_t>(time.secs) * kNanosPerSecond + time.nsecs;
}

nstime_t TimeOfNanoseconds(int64_t nanoseconds) {
  nstime_t time = NSTIME_INIT_ZERO;
  time.secs = static_cast<time_t>(nanoseconds / kNanosPerSecond);
  time.nsecs = static_cast<int>(nanoseconds % kNanosPerSecond);
  return time;
}

// One side of the stream.
struct Side {
  // The bytes of its address.
  std::string bytes;
  std::string address;
  std::string name;
  uint32_t port;
};

bool IsSide(const Side& side, const address& where, uint32_t port) {
  return side.port == port &&
         side.bytes == absl::string_view(static_cast<const char*>(where.data),
                                         static_cast<size_t>(where.len));
}

Side SideOf(const address& where, uint32_t port) {
  const auto* const bytes = static_cast<const char*>(where.data);
  Side side;
  side.bytes.assign(bytes, static_cast<size_t>(where.len));
  side.address = WmemCharPtr(address_to_str(nullptr, &where)).get();
  side.name = WmemCharPtr(address_to_display(nullptr, &where)).get();
  side.port = port;
  return side;
}

struct Block {
  uint32_t left;
  uint32_t right;
};

struct Segment {
  uint32_t frame_number;
  bool from_server;
  nstime_t time;
  uint32_t sequence;
  uint32_t length;
  std::optional<uint32_t> acknowledgement;
  uint32_t window;
  uint32_t flags;
  std::vector<Block> selective;
  // In nanoseconds.
  std::optional<int64_t> round_trip_time;
};

class TcpGraphReport final : public Report {
 public:
  explicit TcpGraphReport(uint32_t stream) : stream_(stream) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const packet_info& packet, const tcp_info_t& header);
  void AddRoundTripTime(Segment* segment);
  std::string Head() const;
  std::string TextHead() const;

  const uint32_t stream_;
  std::optional<Side> client_;
  std::optional<Side> server_;
  std::deque<Segment> segments_;
  // What each side has sent.
  TcpRoundTrip from_client_;
  TcpRoundTrip from_server_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status TcpGraphReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "tcp";
  ASSIGN_OR_RETURN(
      tap_, RegisterReportTap(
                "tcp,graph tap", options,
                [this](packet_info* packet, epan_dissect_t*, const void* data) {
                  const auto& header = *static_cast<const tcp_info_t*>(data);
                  if (header.th_stream == stream_) Add(*packet, header);
                }));
  return absl::OkStatus();
}

void TcpGraphReport::Add(const packet_info& packet, const tcp_info_t& header) {
  if (!client_.has_value()) {
    client_ = SideOf(header.ip_src, header.th_sport);
    server_ = SideOf(header.ip_dst, header.th_dport);
  }
  Segment segment;
  segment.frame_number = packet.num;
  segment.from_server = !IsSide(*client_, header.ip_src, header.th_sport);
  segment.time = packet.rel_ts;
  segment.sequence = header.th_seq;
  segment.length = header.th_have_seglen != FALSE ? header.th_seglen : 0;
  if ((header.th_flags & kAckFlag) != 0) {
    segment.acknowledgement = header.th_ack;
  }
  segment.window = header.th_win;
  segment.flags = header.th_flags;
  const int blocks = std::min<int>(header.num_sack_ranges, MAX_TCP_SACK_RANGES);
  for (int i = 0; i < blocks; ++i) {
    segment.selective.push_back(
        {header.sack_left_edge[i], header.sack_right_edge[i]});
  }
  AddRoundTripTime(&segment);
  segments_.push_back(std::move(segment));
}

void TcpGraphReport::AddRoundTripTime(Segment* segment) {
  const int64_t now = Nanoseconds(segment->time);
  TcpRoundTrip& own = segment->from_server ? from_server_ : from_client_;
  TcpRoundTrip& other = segment->from_server ? from_client_ : from_server_;
  own.Send(segment->sequence, segment->length, now);
  if (!segment->acknowledgement.has_value()) return;
  std::optional<int64_t> sent = other.Acknowledge(*segment->acknowledgement);
  for (const Block& block : segment->selective) {
    const std::optional<int64_t> time =
        other.AcknowledgeBlock(block.left, block.right);
    sent = std::max(sent, time);
  }
  if (sent.has_value()) segment->round_trip_time = now - *sent;
}

std::string SideMessage(const Side& side) {
  std::string message;
  protozero::pbf_builder<schema::Endpoint> out(message);
  out.add_string(schema::Endpoint::kAddress, MakeValidUtf8(side.address));
  out.add_string(schema::Endpoint::kResolvedName, MakeValidUtf8(side.name));
  out.add_uint32(schema::Endpoint::kPort, side.port);
  const WmemCharPtr port(tcp_port_to_display(nullptr, side.port));
  out.add_string(schema::Endpoint::kPortName, MakeValidUtf8(port.get()));
  return message;
}

std::string SegmentMessage(const Segment& segment) {
  std::string message;
  protozero::pbf_builder<schema::TcpSegment> out(message);
  out.add_uint32(schema::TcpSegment::kFrameNumber, segment.frame_number);
  out.add_bool(schema::TcpSegment::kFromServer, segment.from_server);
  AddTime(segment.time, schema::TcpSegment::kTime, &out);
  out.add_uint32(schema::TcpSegment::kSequence, segment.sequence);
  out.add_uint32(schema::TcpSegment::kLength, segment.length);
  if (segment.acknowledgement.has_value()) {
    out.add_uint32(schema::TcpSegment::kAcknowledgement,
                   *segment.acknowledgement);
  }
  out.add_uint32(schema::TcpSegment::kWindow, segment.window);
  out.add_uint32(schema::TcpSegment::kFlags, segment.flags);
  for (const Block& block : segment.selective) {
    protozero::pbf_builder<schema::TcpBlock> part(
        out, schema::TcpSegment::kSelective);
    part.add_uint32(schema::TcpBlock::kLeft, block.left);
    part.add_uint32(schema::TcpBlock::kRight, block.right);
  }
  if (segment.round_trip_time.has_value()) {
    AddTime(TimeOfNanoseconds(*segment.round_trip_time),
            schema::TcpSegment::kRoundTripTime, &out);
  }
  return message;
}

double Milliseconds(int64_t nanoseconds) {
  constexpr double kNanosPerMillisecond = 1e6;
  return static_cast<double>(nanoseconds) / kNanosPerMillisecond;
}

std::string SegmentLine(const Segment& segment) {
  return absl::StrFormat(
      "%8u %14.6f  %-6s  %10u  %7u  %10s  %10u  0x%03x  %10s\n",
      segment.frame_number, nstime_to_sec(&segment.time),
      segment.from_server ? "server" : "client", segment.sequence,
      segment.length,
      segment.acknowledgement.has_value()
          ? absl::StrCat(*segment.acknowledgement)
          : "",
      segment.window, segment.flags,
      segment.round_trip_time.has_value()
          ? absl::StrFormat("%.3f", Milliseconds(*segment.round_trip_time))
          : "");
}

std::string TcpGraphReport::Head() const {
  std::string head;
  protozero::pbf_builder<schema::TcpGraph> out(head);
  if (client_.has_value()) {
    out.add_message(schema::TcpGraph::kClient, SideMessage(*client_));
    out.add_message(schema::TcpGraph::kServer, SideMessage(*server_));
  }
  return head;
}

std::string TcpGraphReport::TextHead() const {
  std::string head = absl::StrCat("TCP stream ", stream_, "\n");
  if (client_.has_value()) {
    absl::StrAppend(&head, "Client: ", client_->name, " port ", client_->port,
                    "\nServer: ", server_->name, " port ", server_->port, "\n");
  } else {
    absl::StrAppend(&head, "There is no such stream.\n");
  }
  return absl::StrCat(
      head,
      absl::StrFormat("%8s %14s  %-6s  %10s  %7s  %10s  %10s  %5s  %10s\n",
                      "Frame", "Time", "From", "Sequence", "Length", "ACK",
                      "Window", "Flags", "RTT (ms)"));
}

absl::Status TcpGraphReport::Finish() {
  ReportParts parts(sink_, Head());
  parts.AddText(TextHead());
  for (const Segment& segment : segments_) {
    RETURN_IF_ERROR(parts.AddRow(schema::TcpGraph::kSegments,
                                 SegmentMessage(segment),
                                 SegmentLine(segment)));
  }
  return parts.Finish();
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const std::string& argument) {
  absl::string_view number = argument;
  uint32_t stream = 0;
  if (absl::ConsumePrefix(&number, absl::StrCat(kName, ",")) &&
      absl::SimpleAtoi(number, &stream)) {
    return std::make_unique<TcpGraphReport>(stream);
  }
  return ReportArgumentError(
      "invalid \"-z tcp,graph,<stream>\" argument: the stream is a number");
}

}  // namespace

ReportType TcpGraphReportType() {
  return {kName, ",stream", schema::TableKind::kTcpGraph, MakeReport};
}

}  // namespace dissectd::engine
