// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the report about the graphs of a TCP stream: every segment has the
// numbers of tshark's fields.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/report_client.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;

class TcpGraphTest : public ::testing::Test {
 protected:
  TcpGraphTest() : channel_(daemon_.Connect()) {}

  std::string Store(const std::string& name) const {
    const std::string bytes = ContentsOf("tests/captures/" + name);
    EXPECT_FALSE(bytes.empty()) << name;
    daemon_.store().Write(name, bytes);
    return name;
  }

  ReportAnswer Run(const std::string& file, const std::string& report) const {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file("files/" + file);
    request.set_text(true);
    return RunReports(channel_, request, {report});
  }

  // Returns the fields that tshark prints of a stream, one line for a segment.
  std::vector<std::string> Tshark(const std::string& file, int stream,
                                  const std::string& fields) const {
    std::string command = absl::StrCat("tshark -r '", daemon_.store().path(),
                                       "/", file, "' -Y 'tcp.stream==", stream,
                                       "' -T fields -E 'separator=;'");
    for (const absl::string_view field : absl::StrSplit(fields, ' ')) {
      absl::StrAppend(&command, " -e ", field);
    }
    const std::string output = RunCommand(command + " 2>/dev/null").text;
    return absl::StrSplit(output, '\n', absl::SkipEmpty());
  }

  // Compares all segments of a stream with tshark's fields. Returns their
  // number.
  int ExpectSegments(const std::string& file, int stream) const;

  DaemonProcess daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

std::string Blocks(const v1::TcpSegment& segment, bool left) {
  std::vector<std::string> edges;
  for (const v1::TcpBlock& block : segment.selective()) {
    edges.push_back(absl::StrCat(left ? block.left() : block.right()));
  }
  return absl::StrJoin(edges, ",");
}

// Returns a segment as tshark prints the fields.
std::string FieldsOf(const v1::TcpSegment& segment, const v1::TcpGraph& graph) {
  const v1::Endpoint& from =
      segment.from_server() ? graph.server() : graph.client();
  return absl::StrCat(
      segment.frame_number(), ";", from.port(), ";",
      absl::StrFormat("%d.%09d", segment.time().seconds(),
                      segment.time().nanos()),
      ";", segment.sequence(), ";", segment.length(), ";",
      segment.has_acknowledgement() ? segment.acknowledgement() : 0, ";",
      segment.window(), ";", absl::StrFormat("0x%04x", segment.flags()), ";",
      Blocks(segment, true), ";", Blocks(segment, false));
}

int TcpGraphTest::ExpectSegments(const std::string& file, int stream) const {
  const ReportAnswer answer = Run(file, absl::StrCat("tcp,graph,", stream));
  EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  std::vector<std::string> segments;
  for (const v1::TcpSegment& segment : answer.result().tcp_graph().segments()) {
    segments.push_back(FieldsOf(segment, answer.result().tcp_graph()));
  }
  EXPECT_EQ(segments,
            Tshark(file, stream,
                   "frame.number tcp.srcport frame.time_relative tcp.seq "
                   "tcp.len tcp.ack tcp.window_size tcp.flags "
                   "tcp.options.sack_le tcp.options.sack_re"))
      << file << " stream " << stream;
  return static_cast<int>(segments.size());
}

TEST_F(TcpGraphTest, EverySegmentHasTheNumbersOfTsharksFields) {
  int segments = 0;
  for (const char* const name :
       {"http1.pcap.gz", "dns.pcap", "raw-ip-lossy.pcap", "redis.pcap"}) {
    const std::string file = Store(name);
    for (int stream = 0; stream < 3; ++stream) {
      segments += ExpectSegments(file, stream);
    }
  }
  EXPECT_GT(segments, 50);
}

// Wireshark's graph has no times of segments without bytes, but of bytes that
// were acknowledged selectively; the field is the other way round.
TEST_F(TcpGraphTest, RoundTripTimesAreThoseOfTsharksField) {
  int compared = 0;
  for (const char* const name : {"http1.pcap.gz", "dns.pcap", "redis.pcap"}) {
    const std::string file = Store(name);
    const std::vector<std::string> lines = Tshark(
        file, 0, "frame.number tcp.analysis.acks_frame tcp.analysis.ack_rtt");
    const ReportAnswer answer = Run(file, "tcp,graph,0");
    ASSERT_EQ(static_cast<size_t>(answer.result().tcp_graph().segments_size()),
              lines.size());
    std::map<uint32_t, uint32_t> lengths;
    for (size_t i = 0; i < lines.size(); ++i) {
      const v1::TcpSegment& segment =
          answer.result().tcp_graph().segments(static_cast<int>(i));
      lengths[segment.frame_number()] = segment.length();
      const std::vector<std::string> fields = absl::StrSplit(lines[i], ';');
      uint32_t acknowledged = 0;
      const bool has_time = absl::SimpleAtoi(fields[1], &acknowledged) &&
                            lengths[acknowledged] > 0;
      EXPECT_EQ(segment.has_round_trip_time(), has_time) << lines[i];
      if (!has_time) continue;
      EXPECT_EQ(absl::StrFormat("%d.%09d", segment.round_trip_time().seconds(),
                                segment.round_trip_time().nanos()),
                fields[2])
          << lines[i];
      ++compared;
    }
  }
  EXPECT_GT(compared, 5);
}

TEST_F(TcpGraphTest, ItsTextIsATable) {
  const ReportAnswer answer = Run(Store("dns.pcap"), "tcp,graph,0");
  EXPECT_THAT(answer.result().text(),
              HasSubstr("TCP stream 0\nClient: 192.0.2.1 port "));
  EXPECT_THAT(answer.result().text(),
              HasSubstr("\nServer: 192.0.2.2 port 53\n"));
  const std::vector<std::string> lines =
      absl::StrSplit(answer.result().text(), '\n');
  EXPECT_EQ(
      lines.size(),
      static_cast<size_t>(answer.result().tcp_graph().segments_size()) + 5);
}

TEST_F(TcpGraphTest, AStreamThatDoesNotExistHasNoSegments) {
  const ReportAnswer answer = Run(Store("dns.pcap"), "tcp,graph,4000000000");
  EXPECT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.result().tcp_graph().segments_size(), 0);
  EXPECT_FALSE(answer.result().tcp_graph().has_client());
  EXPECT_THAT(answer.result().text(),
              HasSubstr("TCP stream 4000000000\nThere is no such stream.\n"));
}

TEST_F(TcpGraphTest, WrongArgumentsAreRefused) {
  const std::string file = Store("dns.pcap");
  for (const char* const report :
       {"tcp,graph", "tcp,graph,", "tcp,graph,x", "tcp,graph,-1",
        "tcp,graph,0,1", "tcp,graph,4294967296", "tcp,graphs,0"}) {
    const ReportAnswer answer = Run(file, report);
    EXPECT_EQ(FailureOf(answer.status).reason(), "REPORT_ARGUMENT_INVALID")
        << report;
  }
}

}  // namespace
}  // namespace dissectd
