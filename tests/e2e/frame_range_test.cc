// SPDX-License-Identifier: GPL-2.0-or-later

// Asks for ranges of time, and compares with what tshark finds with a filter.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/pipe_call.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Numbers = std::vector<uint32_t>;

// A range of time within a capture of the project, also as tshark's filter.
struct TimeRange {
  const char* capture;
  int64_t seconds;
  int32_t from_nanos;
  int32_t until_nanos;

  std::string Filter() const {
    char text[128];
    std::snprintf(text, sizeof(text),
                  "frame.time_epoch >= %lld.%09d && frame.time_epoch < "
                  "%lld.%09d",
                  static_cast<long long>(seconds), from_nanos,
                  static_cast<long long>(seconds), until_nanos);
    return text;
  }
  v1::FrameRange Message() const {
    v1::FrameRange range;
    range.mutable_from_time()->set_seconds(seconds);
    range.mutable_from_time()->set_nanos(from_nanos);
    range.mutable_until_time()->set_seconds(seconds);
    range.mutable_until_time()->set_nanos(until_nanos);
    return range;
  }
};

// The first frame of each is in the range, and the one at its end isn't.
constexpr TimeRange kRanges[] = {
    {"dns.pcap", 1795503610, 699208000, 734965000},
    {"nanoseconds.pcap", 1795503600, 310000001, 326393004},
    {"http1.pcap.gz", 1795503599, 200000000, 213000000},
    {"telephony.pcap", 1700000000, 10000000, 90000000},
};

std::string PathOf(const std::string& name) { return "tests/captures/" + name; }

// Returns what tshark prints.
std::string Tshark(const std::string& arguments) {
  return OutputOf("tshark " + arguments + " 2>/dev/null");
}

// Returns the numbers of the frames that pass a filter.
Numbers TsharkNumbers(const std::string& path, const std::string& filter) {
  std::istringstream lines(Tshark("-2 -r " + path + " -Y '" + filter +
                                  "' -T fields -e frame.number"));
  Numbers numbers;
  for (uint32_t number = 0; lines >> number;) numbers.push_back(number);
  return numbers;
}

Numbers NumbersOf(const DissectionResult& result) {
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
  Numbers numbers;
  for (const v1::PlainFrame& frame : result.Frames()) {
    numbers.push_back(frame.number());
  }
  return numbers;
}

std::string Replaced(std::string text, const std::string& old,
                     const std::string& replacement) {
  for (size_t at = text.find(old); at != std::string::npos;
       at = text.find(old, at + replacement.size())) {
    text.replace(at, old.size(), replacement);
  }
  return text;
}

// Returns a capture whose third and fourth frames are earlier than the others:
// their times are 2, 3, 0, 1 and 4 ms.
std::string OutOfOrder() {
  CaptureBuilder builder;
  for (int i = 0; i < 5; ++i) builder.Add(UdpFrame(1000, 2000, "x"));
  constexpr size_t kHead = 24;
  const std::string& bytes = builder.bytes();
  const size_t record = (bytes.size() - kHead) / 5;
  return bytes.substr(0, kHead) + bytes.substr(kHead + 2 * record, 2 * record) +
         bytes.substr(kHead, 2 * record) + bytes.substr(kHead + 4 * record);
}

v1::FrameRange Milliseconds(int32_t from, int32_t until) {
  TimeRange range = {"", 1'700'000'000, from * 1'000'000, until * 1'000'000};
  return range.Message();
}

class FrameRangeTest : public ::testing::Test {
 protected:
  FrameRangeTest() : channel_(daemon_.Connect()), client_(channel_) {}

  v1::DissectRequest RequestFor(const TimeRange& range) {
    daemon_.store().Write(range.capture, ContentsOf(PathOf(range.capture)));
    return RequestFor(range.capture, range.Message());
  }
  static v1::DissectRequest RequestFor(const std::string& file,
                                       const v1::FrameRange& range) {
    v1::DissectRequest request = dissectd::RequestFor(file);
    *request.mutable_view()->mutable_range() = range;
    return request;
  }

  Numbers List(const v1::ListFramesRequest& request, uint32_t* total) {
    v1::ListFramesResponse response;
    const grpc::Status status = client_.ListFrames(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    Numbers numbers;
    for (const v1::FrameSummary& frame : response.frames()) {
      numbers.push_back(frame.number());
    }
    *total = response.total();
    return numbers;
  }
  uint32_t Find(const v1::FindFrameRequest& request) {
    v1::FindFrameResponse response;
    const grpc::Status status = client_.FindFrame(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.frame_number();
  }

  // Returns the texts of the reports in tshark's order.
  std::string Reports(const v1::RunStatisticsRequest& request) {
    grpc::ClientContext context;
    const auto reader = v1::AnalysisService::NewStub(channel_)->RunStatistics(
        &context, request);
    std::map<uint32_t, std::string> texts;
    v1::RunStatisticsResponse response;
    while (reader->Read(&response)) {
      if (!response.has_result()) continue;
      texts[response.result().report_index()] += response.result().text();
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::string text;
    for (auto it = texts.rbegin(); it != texts.rend(); ++it) text += it->second;
    return text;
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
  SessionClient client_;
};

TEST_F(FrameRangeTest, FilesAndSessionsSendTheFramesThatTsharkFinds) {
  for (const TimeRange& range : kRanges) {
    const Numbers expected =
        TsharkNumbers(PathOf(range.capture), range.Filter());
    ASSERT_GT(expected.size(), 1u) << range.capture;
    v1::DissectRequest request = RequestFor(range);
    EXPECT_EQ(NumbersOf(Dissect(channel_, request)), expected);
    request.mutable_options()->set_two_pass(true);
    request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
    EXPECT_EQ(NumbersOf(Dissect(channel_, request)), expected);
    request.clear_options();
    request.set_session(client_.Open(range.capture).name());
    EXPECT_EQ(NumbersOf(Dissect(channel_, request)), expected);
    request.mutable_view()->mutable_range()->set_first_frame(expected[1]);
    EXPECT_EQ(NumbersOf(Dissect(channel_, request)),
              Numbers(expected.begin() + 1, expected.end()));
  }
}

TEST_F(FrameRangeTest, ReadingGoesOnAfterTheRange) {
  daemon_.store().Write("mixed.pcap", OutOfOrder());
  const auto frames = [this](const v1::FrameRange& range) {
    return NumbersOf(Dissect(channel_, RequestFor("mixed.pcap", range)));
  };
  EXPECT_THAT(frames(Milliseconds(0, 2)), ElementsAre(3, 4));
  EXPECT_THAT(frames(Milliseconds(1, 3)), ElementsAre(1, 4));
  v1::FrameRange range = Milliseconds(0, 3);
  range.clear_from_time();
  EXPECT_THAT(frames(range), ElementsAre(1, 3, 4));
  range.set_limit(2);
  EXPECT_THAT(frames(range), ElementsAre(1, 3));
  range = Milliseconds(3, 4);
  range.clear_until_time();
  EXPECT_THAT(frames(range), ElementsAre(2, 5));
}

TEST_F(FrameRangeTest, PipesHaveRangesToo) {
  PipeCall pipe(channel_);
  v1::DissectRequest request;
  *request.mutable_view()->mutable_range() = Milliseconds(0, 2);
  ASSERT_TRUE(pipe.Send(request));
  ASSERT_TRUE(pipe.Send(OutOfOrder()));
  pipe.EndInput();
  EXPECT_EQ(pipe.ReadFrames(3), 2u);
}

TEST_F(FrameRangeTest, FramesWithoutATimeAreInNoRangeOfTime) {
  daemon_.store().Write("timeless.pcapng",
                        CaptureWithTimelessRecord(UdpFrame(1, 2, "x")));
  EXPECT_THAT(NumbersOf(Dissect(channel_, RequestFor("timeless.pcapng", {}))),
              ElementsAre(1, 2));
  v1::FrameRange range;
  range.mutable_from_time();
  EXPECT_THAT(
      NumbersOf(Dissect(channel_, RequestFor("timeless.pcapng", range))),
      ElementsAre(1));
}

TEST_F(FrameRangeTest, RecordsAndExportsHaveTheFramesOfTheRange) {
  const TimeRange& range = kRanges[0];
  const Numbers expected = TsharkNumbers(PathOf(range.capture), range.Filter());
  daemon_.store().Write(range.capture, ContentsOf(PathOf(range.capture)));
  v1::ReadRecordsRequest records;
  records.set_name(std::string("files/") + range.capture);
  *records.mutable_range() = range.Message();
  grpc::ClientContext context;
  const auto reader =
      v1::FileService::NewStub(channel_)->ReadRecords(&context, records);
  Numbers numbers;
  v1::ReadRecordsResponse response;
  while (reader->Read(&response)) {
    for (const v1::FileRecord& record : response.records()) {
      numbers.push_back(record.number());
    }
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(numbers, expected);

  v1::ExportPacketsToFileRequest request;
  request.mutable_export_()->set_file(records.name());
  *request.mutable_export_()->mutable_selection()->mutable_range() =
      range.Message();
  request.set_name("files/exports/part.pcapng");
  v1::ExportPacketsToFileResponse exported;
  grpc::ClientContext export_context;
  const grpc::Status status =
      v1::ExportService::NewStub(channel_)->ExportPacketsToFile(
          &export_context, request, &exported);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(exported.end().frames_written(), expected.size());
}

TEST_F(FrameRangeTest, ListsHavePositionsWithinTheRange) {
  const TimeRange& range = kRanges[0];
  daemon_.store().Write(range.capture, ContentsOf(PathOf(range.capture)));
  v1::ListFramesRequest request;
  request.set_session(client_.Open(range.capture).name());
  *request.mutable_range() = range.Message();
  for (const std::string filter : {"", "dns.flags.response == 1"}) {
    request.set_display_filter(filter);
    Numbers expected =
        TsharkNumbers(PathOf(range.capture),
                      range.Filter() + (filter.empty() ? "" : " && " + filter));
    ASSERT_GT(expected.size(), 1u);
    uint32_t total = 0;
    EXPECT_EQ(List(request, &total), expected);
    EXPECT_EQ(total, expected.size());
    request.set_first_position(1);
    request.set_limit(1);
    EXPECT_THAT(List(request, &total), ElementsAre(expected[1]));
    request.set_descending(true);
    EXPECT_THAT(List(request, &total),
                ElementsAre(expected[expected.size() - 2]));
    // Column 1 is the number.
    request.set_sort_column(1);
    EXPECT_THAT(List(request, &total),
                ElementsAre(expected[expected.size() - 2]));
    EXPECT_EQ(total, expected.size());
    request.clear_first_position();
    request.clear_limit();
    request.clear_descending();
    request.clear_sort_column();
  }
  request.clear_display_filter();
  request.mutable_range()->Clear();
  request.mutable_range()->set_first_frame(4);
  request.mutable_range()->set_last_frame(6);
  uint32_t total = 0;
  EXPECT_THAT(List(request, &total), ElementsAre(4, 5, 6));
  EXPECT_EQ(total, 3u);
  request.mutable_range()->set_first_frame(1000);
  EXPECT_THAT(List(request, &total), IsEmpty());
  EXPECT_EQ(total, 0u);
}

TEST_F(FrameRangeTest, SearchesStayWithinTheRange) {
  daemon_.store().Write("mixed.pcap", OutOfOrder());
  v1::FindFrameRequest request;
  request.set_session(client_.Open("mixed.pcap").name());
  request.set_display_filter("udp");
  EXPECT_EQ(Find(request), 1u);
  *request.mutable_range() = Milliseconds(0, 2);
  EXPECT_EQ(Find(request), 3u);
  request.set_after_frame(3);
  EXPECT_EQ(Find(request), 4u);
  request.set_after_frame(4);
  EXPECT_EQ(Find(request), 0u);
  request.set_backward(true);
  EXPECT_EQ(Find(request), 3u);
  request.set_after_frame(0);
  EXPECT_EQ(Find(request), 4u);
  request.mutable_range()->Clear();
  request.mutable_range()->set_first_frame(2);
  request.mutable_range()->set_last_frame(3);
  EXPECT_EQ(Find(request), 3u);
  request.set_backward(false);
  EXPECT_EQ(Find(request), 2u);
}

TEST_F(FrameRangeTest, ReportsAreAboutTheRangeAsWithAFilterOfTshark) {
  for (const TimeRange& range : kRanges) {
    daemon_.store().Write(range.capture, ContentsOf(PathOf(range.capture)));
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file(std::string("files/") + range.capture);
    *request.mutable_source()->mutable_range() = range.Message();
    request.set_text(true);
    std::string arguments;
    // A filter adds to the trees that `io,phs` counts.
    for (const std::string report : {"conv,ip", "endpoints,udp", "dests,tree",
                                     "dns,tree", "http,stat", "expert"}) {
      request.add_reports()->set_argument(report);
      arguments += " -z '" + report + "," + range.Filter() + "'";
    }
    const std::string expected =
        Tshark("-q -2 -r " + PathOf(range.capture) + arguments);
    std::string plain =
        Replaced(expected, "Filter: " + range.Filter(), "Filter: ");
    plain = Replaced(plain, " with filter " + range.Filter(), "");
    plain = Replaced(plain, "Filter:" + range.Filter(), "Filter:<No Filter>");
    request.mutable_source()->mutable_options()->set_two_pass(true);
    EXPECT_EQ(Reports(request), plain) << range.capture;
    request.mutable_source()->clear_options();
    request.mutable_source()->set_session(client_.Open(range.capture).name());
    EXPECT_EQ(Reports(request), plain) << range.capture;
  }
}

TEST_F(FrameRangeTest, ReportsCanBeginWithAFrame) {
  const std::string file = "dns.pcap";
  daemon_.store().Write(file, ContentsOf(PathOf(file)));
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_file("files/" + file);
  request.mutable_source()->mutable_range()->set_first_frame(7);
  request.mutable_source()->mutable_range()->set_last_frame(20);
  request.set_text(true);
  request.add_reports()->set_argument("dns,tree");
  EXPECT_EQ(Reports(request),
            Tshark("-q -r " + PathOf(file) +
                   " -z 'dns,tree,frame.number >= 7 && frame.number <= 20'"));
}

TEST_F(FrameRangeTest, RangesThatMakeNoSenseAreRefused) {
  daemon_.store().Write("mixed.pcap", OutOfOrder());
  v1::FrameRange bad = Milliseconds(2, 2);
  const auto reason = [this](const v1::FrameRange& range) {
    return FailureOf(Dissect(channel_, RequestFor("mixed.pcap", range)).status)
        .reason();
  };
  EXPECT_EQ(reason(bad), "FRAME_RANGE_INVALID");
  bad = Milliseconds(0, 1);
  bad.mutable_until_time()->set_nanos(1'000'000'000);
  EXPECT_EQ(reason(bad), "FRAME_RANGE_INVALID");
  bad.mutable_until_time()->set_nanos(-1);
  EXPECT_EQ(reason(bad), "FRAME_RANGE_INVALID");

  v1::ListFramesRequest list;
  list.set_session(client_.Open("mixed.pcap").name());
  list.mutable_range()->set_limit(1);
  v1::ListFramesResponse listed;
  EXPECT_EQ(FailureOf(client_.ListFrames(list, &listed)).reason(),
            "FRAME_RANGE_INVALID");
  v1::FindFrameRequest find;
  find.set_session(list.session());
  find.set_display_filter("udp");
  *find.mutable_range() = list.range();
  v1::FindFrameResponse found;
  EXPECT_EQ(FailureOf(client_.FindFrame(find, &found)).reason(),
            "FRAME_RANGE_INVALID");
  v1::RunStatisticsRequest run;
  run.mutable_source()->set_session(list.session());
  *run.mutable_source()->mutable_range() = list.range();
  run.add_reports()->set_argument("io,phs");
  grpc::ClientContext context;
  const auto reader =
      v1::AnalysisService::NewStub(channel_)->RunStatistics(&context, run);
  v1::RunStatisticsResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(FailureOf(reader->Finish()).reason(), "FRAME_RANGE_INVALID");
}

}  // namespace
}  // namespace dissectd
