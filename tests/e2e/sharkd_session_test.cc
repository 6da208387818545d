// SPDX-License-Identifier: GPL-2.0-or-later

// Asks the real sharkd about a capture and its frames, and dissectd for the
// same: docs/sharkd.md says what corresponds.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/sharkd_fixture.h"

namespace dissectd {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class SharkdSessionTest : public SharkdTest {
 protected:
  // Asks both for a page of the packet list, which must be the same.
  void ComparePages(const std::string& filter, uint32_t skip, uint32_t limit);
  void CompareFrame(uint32_t number);
  v1::ListFramesResponse ListFrames(const v1::ListFramesRequest& request) {
    v1::ListFramesRequest with_session = request;
    with_session.set_session(session_.name());
    v1::ListFramesResponse page;
    const grpc::Status status = client_.ListFrames(with_session, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return page;
  }
};

TEST_F(SharkdSessionTest, LoadFailsWithoutAFile) {
  EXPECT_EQ(sharkd_.AskInVain("load", {{"file", "/nonexistent"}}),
            "Unable to open the file");
  v1::OpenSessionRequest request;
  request.set_file("files/nonexistent");
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(), "FILE_NOT_FOUND");
}

TEST_F(SharkdSessionTest, StatusIsTheSession) {
  Open("http1.pcap.gz");
  const json theirs = sharkd_.Ask("status");
  EXPECT_EQ(session_.frames(), theirs["frames"]);
  EXPECT_EQ(session_.file(),
            absl::StrCat("files/", theirs["filename"].get<std::string>()));
  EXPECT_EQ(session_.file_info().size_bytes(), theirs["filesize"]);
  EXPECT_NEAR(
      SecondsOf(session_.last_time()) - SecondsOf(session_.first_time()),
      theirs["duration"], kRounded);
}

TEST_F(SharkdSessionTest, AnalyseIsTheSessionAndAColumn) {
  Open("telephony.pcap");
  const json theirs = sharkd_.Ask("analyse");
  EXPECT_EQ(session_.frames(), theirs["frames"]);
  EXPECT_NEAR(SecondsOf(session_.first_time()), theirs["first"], kRounded);
  EXPECT_NEAR(SecondsOf(session_.last_time()), theirs["last"], kRounded);
  v1::ListFramesRequest request;
  request.set_limit(1000);
  v1::Column* column = request.mutable_columns()->add_columns();
  column->set_format("%Cus");
  column->set_custom_fields("frame.protocols");
  // sharkd lists protocols in the order in which they appear.
  std::vector<std::string> protocols = {"frame"};
  const v1::ListFramesResponse page = ListFrames(request);
  for (const v1::FrameSummary& frame : page.frames()) {
    for (const absl::string_view part : absl::StrSplit(frame.columns(0), ':')) {
      const std::string name(part);
      if (std::find(protocols.begin(), protocols.end(), name) ==
          protocols.end()) {
        protocols.push_back(name);
      }
    }
  }
  EXPECT_EQ(protocols, theirs["protocols"].get<std::vector<std::string>>());
}

void SharkdSessionTest::ComparePages(const std::string& filter, uint32_t skip,
                                     uint32_t limit) {
  json parameters = {{"limit", limit}};
  if (skip > 0) parameters["skip"] = skip;
  if (!filter.empty()) parameters["filter"] = filter;
  const json theirs = sharkd_.Ask("frames", parameters);
  v1::ListFramesRequest request;
  request.set_display_filter(filter);
  request.set_first_position(skip);
  request.set_limit(limit);
  request.set_colors(true);
  request.mutable_columns()->set_use_profile_columns(true);
  const v1::ListFramesResponse page = ListFrames(request);
  ASSERT_EQ(static_cast<size_t>(page.frames_size()), theirs.size());
  EXPECT_GT(page.frames_size(), 0);
  for (int i = 0; i < page.frames_size(); ++i) {
    const json& expected = theirs[static_cast<size_t>(i)];
    SCOPED_TRACE(expected.dump());
    const v1::FrameSummary& frame = page.frames(i);
    EXPECT_EQ(frame.number(), expected["num"]);
    EXPECT_EQ(std::vector<std::string>(frame.columns().begin(),
                                       frame.columns().end()),
              expected["c"].get<std::vector<std::string>>());
    EXPECT_EQ(frame.coloring_rule() != 0, expected.contains("bg"));
    if (frame.coloring_rule() == 0) continue;
    const v1::ColoringRule& rule =
        page.coloring_rules(static_cast<int>(frame.coloring_rule()) - 1);
    EXPECT_EQ(absl::StrCat(absl::Hex(rule.background(), absl::kZeroPad6)),
              expected["bg"]);
    EXPECT_EQ(absl::StrCat(absl::Hex(rule.foreground(), absl::kZeroPad6)),
              expected["fg"]);
  }
}

TEST_F(SharkdSessionTest, FramesArePages) {
  Open("http1.pcap.gz");
  ComparePages("", 0, 1000);
  ComparePages("", 20, 5);
  ComparePages("http", 0, 1000);
  ComparePages("http", 3, 4);
  Open("interfaces-comments.pcapng");
  ComparePages("", 0, 1000);
}

TEST_F(SharkdSessionTest, FramesHaveOtherColumns) {
  Open("dns.pcap");
  const json theirs =
      sharkd_.Ask("frames", {{"column0", "dns.id:1"}, {"column1", "ip.src:0"}});
  v1::ListFramesRequest request;
  request.set_limit(1000);
  for (const auto& [field, occurrence] :
       {std::pair("dns.id", 1), std::pair("ip.src", 0)}) {
    v1::Column* column = request.mutable_columns()->add_columns();
    column->set_format("%Cus");
    column->set_custom_fields(field);
    column->set_custom_occurrence(occurrence);
  }
  const v1::ListFramesResponse page = ListFrames(request);
  ASSERT_EQ(static_cast<size_t>(page.frames_size()), theirs.size());
  for (int i = 0; i < page.frames_size(); ++i) {
    EXPECT_EQ(
        std::vector<std::string>(page.frames(i).columns().begin(),
                                 page.frames(i).columns().end()),
        theirs[static_cast<size_t>(i)]["c"].get<std::vector<std::string>>());
  }
}

TEST_F(SharkdSessionTest, FramesRefuseWrongFilters) {
  Open("dns.pcap");
  EXPECT_EQ(sharkd_.AskInVain("frames", {{"filter", "x y"}}),
            "Filter expression invalid");
  v1::ListFramesRequest request;
  request.set_session(session_.name());
  request.set_display_filter("x y");
  v1::ListFramesResponse page;
  EXPECT_EQ(FailureOf(client_.ListFrames(request, &page)).reason(),
            "DISPLAY_FILTER_INVALID");
}

// sharkd also names followers that have no stream for the frame.
void CompareStreams(const v1::GetFrameResponse& response, const json& theirs) {
  int found = 0;
  for (const json& follower : theirs) {
    if (follower[1].is_null()) continue;
    ASSERT_LT(found, response.streams_size());
    const v1::FrameStream& stream = response.streams(found++);
    EXPECT_EQ(stream.follower(), follower[0]);
    const std::string filter = follower[1];
    EXPECT_THAT(filter, HasSubstr(absl::StrCat("stream eq ", stream.stream())));
    if (stream.has_sub_stream()) {
      EXPECT_THAT(filter,
                  HasSubstr(absl::StrCat("streamid eq ", stream.sub_stream())));
    }
  }
  EXPECT_EQ(found, response.streams_size());
}

// Trees aren't compared: those of sharkd depend on what was asked before.
void SharkdSessionTest::CompareFrame(uint32_t number) {
  SCOPED_TRACE(number);
  const json theirs = sharkd_.Ask(
      "frame",
      {{"frame", number}, {"columns", true}, {"color", true}, {"bytes", true}});
  v1::GetFrameRequest request = WholeFrame(session_.name(), number);
  request.mutable_view()->set_colors(true);
  v1::GetFrameResponse response;
  const grpc::Status status = client_.GetFrame(request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::PlainFrame& frame = response.plain_batch().frames(0);
  EXPECT_EQ(
      std::vector<std::string>(frame.columns().begin(), frame.columns().end()),
      theirs["col"].get<std::vector<std::string>>());
  EXPECT_EQ(absl::Base64Escape(frame.sources(0).data()), theirs["bytes"]);
  const json sources = theirs.value("ds", json::array());
  ASSERT_EQ(static_cast<size_t>(frame.sources_size()), sources.size() + 1);
  for (size_t i = 0; i < sources.size(); ++i) {
    const v1::PlainSource& source = frame.sources(static_cast<int>(i) + 1);
    EXPECT_EQ(source.name(), sources[i]["name"]);
    EXPECT_EQ(absl::Base64Escape(source.data()), sources[i]["bytes"]);
  }
  CompareStreams(response, theirs["fol"]);
}

TEST_F(SharkdSessionTest, FrameHasColumnsBytesAndStreams) {
  Open("http1.pcap.gz");
  for (uint32_t frame = 1; frame <= session_.frames(); ++frame) {
    CompareFrame(frame);
  }
  Open("icmp-fragments.pcap");
  for (uint32_t frame = 1; frame <= session_.frames(); ++frame) {
    CompareFrame(frame);
  }
}

TEST_F(SharkdSessionTest, FrameBeyondTheEndIsRefused) {
  Open("dns.pcap");
  const uint32_t beyond = session_.frames() + 1;
  EXPECT_THAT(sharkd_.AskInVain("frame", {{"frame", beyond}}),
              HasSubstr("out of range"));
  v1::GetFrameResponse response;
  EXPECT_EQ(FailureOf(client_.GetFrame(WholeFrame(session_.name(), beyond),
                                       &response))
                .reason(),
            "FRAME_NOT_FOUND");
}

// Returns the value for each interval; sharkd leaves out those without.
std::vector<double> ValuesOf(const json& items) {
  std::vector<double> values;
  for (const json& item : items) {
    if (item.is_string()) {
      // The next value's index.
      values.resize(std::stoul(item.get<std::string>(), nullptr, 16), 0);
    } else {
      values.push_back(item);
    }
  }
  return values;
}

double NumberOf(const v1::Cell& cell) {
  if (cell.has_signed_value()) return static_cast<double>(cell.signed_value());
  if (cell.has_double_value()) return cell.double_value();
  return static_cast<double>(cell.unsigned_value());
}

TEST_F(SharkdSessionTest, IographIsAReport) {
  Open("http1.pcap.gz");
  const json graphs =
      sharkd_.Ask("iograph", {{"interval", 5},
                              {"graph0", "packets"},
                              {"graph1", "bytes"},
                              {"filter1", "http"},
                              {"graph2", "sum:tcp.len"},
                              {"filter2", "tcp.len"},
                              {"graph3", "max:tcp.len"},
                              {"filter3", "tcp.len"}})["iograph"];
  const v1::IoTable table =
      Run("io,stat,0.005,FRAMES(),BYTES()http,SUM(tcp.len)tcp.len,"
          "MAX(tcp.len)tcp.len")
          .io();
  ASSERT_EQ(table.columns_size(), 4);
  ASSERT_GT(table.rows_size(), 1);
  for (int graph = 0; graph < 4; ++graph) {
    std::vector<double> ours;
    for (const v1::IoRow& row : table.rows()) {
      ours.push_back(NumberOf(row.values(graph)));
    }
    std::vector<double> theirs =
        ValuesOf(graphs[static_cast<size_t>(graph)]["items"]);
    theirs.resize(ours.size(), 0);
    EXPECT_EQ(ours, theirs) << graph;
  }
}

TEST_F(SharkdSessionTest, IntervalsAreAReport) {
  Open("http1.pcap.gz");
  const json theirs =
      sharkd_.Ask("intervals", {{"interval", 5}, {"filter", "http"}});
  const v1::IoTable table = Run("io,stat,0.005,http").io();
  size_t found = 0;
  for (const v1::IoRow& row : table.rows()) {
    const double frames = NumberOf(row.values(0));
    if (frames == 0) continue;
    ASSERT_LT(found, theirs["intervals"].size());
    const json& expected = theirs["intervals"][found++];
    EXPECT_EQ(row.start_us() / 5000, expected[0]);
    EXPECT_EQ(frames, expected[1]);
    EXPECT_EQ(NumberOf(row.values(1)), expected[2]);
  }
  EXPECT_EQ(found, theirs["intervals"].size());
  EXPECT_GT(found, 1u);
}

TEST_F(SharkdSessionTest, SetconfIsAnOption) {
  sharkd_.Ask("setconf",
              {{"name", "tcp.relative_sequence_numbers"}, {"value", "FALSE"}});
  Open("http1.pcap.gz");
  const std::string with_defaults = session_.name();
  v1::OpenSessionRequest request;
  request.set_file("files/http1.pcap.gz");
  v1::PreferenceSetting* setting = request.mutable_options()->add_preferences();
  setting->set_name("tcp.relative_sequence_numbers");
  setting->set_value("FALSE");
  session_ = client_.Open(request).session();
  ComparePages("tcp.flags.syn == 1", 0, 1000);
  EXPECT_EQ(
      sharkd_.AskInVain("setconf", {{"name", "no.such"}, {"value", "FALSE"}}),
      "No such preference exists");
  setting->set_name("no.such");
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(),
            "PREFERENCE_UNKNOWN");
}

TEST_F(SharkdSessionTest, ByeClosesTheSession) {
  Open("dns.pcap");
  EXPECT_EQ(sharkd_.Ask("bye")["status"], "OK");
  EXPECT_TRUE(client_.Close(session_.name()).ok());
  v1::GetFrameResponse response;
  EXPECT_EQ(
      FailureOf(client_.GetFrame(WholeFrame(session_.name(), 1), &response))
          .reason(),
      "SESSION_NOT_FOUND");
}

}  // namespace
}  // namespace dissectd
