// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the packet lists that sessions keep: pages are the same whether they
// are dissected or come from a list, and as Dissect shows their frames.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::IsEmpty;

constexpr uint32_t kPage = 7;

// A line without what only Dissect or only ListFrames tells.
struct Line {
  uint32_t number;
  std::vector<std::string> columns;
  // The name of the colouring rule; empty if the frame matches none.
  std::string rule;
};

bool operator==(const Line& left, const Line& right) {
  return left.number == right.number && left.columns == right.columns &&
         left.rule == right.rule;
}

void PrintTo(const Line& line, std::ostream* out) {
  *out << line.number << ": " << ::testing::PrintToString(line.columns) << " "
       << line.rule;
}

template <typename Rules>
std::string NameOfRule(const Rules& rules, uint32_t number) {
  return number == 0 ? "" : rules.Get(static_cast<int>(number) - 1).name();
}

std::vector<Line> LinesOf(const v1::ListFramesResponse& page) {
  std::vector<Line> lines;
  for (const v1::FrameSummary& frame : page.frames()) {
    lines.push_back({frame.number(),
                     {frame.columns().begin(), frame.columns().end()},
                     NameOfRule(page.coloring_rules(), frame.coloring_rule())});
  }
  return lines;
}

class PacketListTest : public ::testing::Test {
 protected:
  void Open(const std::string& capture) {
    daemon_.store().Write(capture, ContentsOf("tests/captures/" + capture));
    session_ = client_.Open(capture).name();
  }

  v1::ListFramesResponse List(v1::ListFramesRequest request) {
    request.set_session(session_);
    v1::ListFramesResponse page;
    const grpc::Status status = client_.ListFrames(request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return page;
  }

  // Returns all pages of a list in one.
  std::vector<Line> Pages(v1::ListFramesRequest request) {
    request.set_limit(kPage);
    std::vector<Line> lines;
    while (true) {
      request.set_first_position(static_cast<uint32_t>(lines.size()));
      const v1::ListFramesResponse page = List(request);
      const std::vector<Line> more = LinesOf(page);
      lines.insert(lines.end(), more.begin(), more.end());
      if (more.empty() || lines.size() >= page.total()) return lines;
    }
  }

  // Returns the lines that Dissect makes, which tests compare with tshark's.
  std::vector<Line> Dissected(const std::string& filter) {
    v1::DissectRequest request;
    request.set_session(session_);
    request.mutable_view()->set_display_filter(filter);
    request.mutable_view()->set_colors(true);
    request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
    const DissectionResult result = Dissect(channel_, request);
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    std::vector<Line> lines;
    for (const v1::PlainFrame& frame : result.Frames()) {
      lines.push_back({frame.number(),
                       {frame.columns().begin(), frame.columns().end()},
                       NameOfRule(result.messages[0].header().coloring_rules(),
                                  frame.coloring_rule())});
    }
    return lines;
  }

  // Returns the process that has read the capture.
  pid_t Reader() const {
    const std::vector<pid_t> opened = daemon_.WorkerPids();
    const std::vector<pid_t> read =
        opened.size() == 1 ? ChildrenOf(opened[0]) : std::vector<pid_t>();
    return read.size() == 1 ? read[0] : 0;
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
  SessionClient client_{channel_};
  std::string session_;
};

v1::ListFramesRequest ListOf(const std::string& filter) {
  v1::ListFramesRequest request;
  request.set_display_filter(filter);
  request.set_colors(true);
  return request;
}

TEST_F(PacketListTest, PagesAreTheLinesOfDissect) {
  for (const char* capture :
       {"http1.pcap.gz", "telephony.pcap", "icmp-fragments.pcap",
        "interfaces-comments.pcapng", "tls-rsa.pcap"}) {
    Open(capture);
    for (const char* filter : {"", "tcp || udp", "frame.number > 2 && ip"}) {
      SCOPED_TRACE(std::string(capture) + " " + filter);
      const std::vector<Line> expected = Dissected(filter);
      EXPECT_EQ(Pages(ListOf(filter)), expected);
      EXPECT_EQ(Pages(ListOf(filter)), expected);
      std::vector<Line> reversed = expected;
      std::reverse(reversed.begin(), reversed.end());
      v1::ListFramesRequest descending = ListOf(filter);
      descending.set_descending(true);
      EXPECT_EQ(Pages(descending), reversed);
    }
    EXPECT_TRUE(client_.Close(session_).ok());
  }
}

// A process that is stopped forks no others, so that an answer which needed one
// would take longer than the client waits.
TEST_F(PacketListTest, LaterPagesNeedNoProcess) {
  Open("http1.pcap.gz");
  v1::ListFramesRequest filtered = ListOf("tcp");
  filtered.set_limit(kPage);
  const v1::ListFramesResponse first = List(filtered);
  v1::ListFramesRequest everything = ListOf("");
  everything.set_limit(kPage);
  const v1::ListFramesResponse dissected = List(everything);
  List(everything);
  v1::ListFramesRequest sorted = ListOf("");
  sorted.set_sort_column(5);
  sorted.set_limit(kPage);
  const v1::ListFramesResponse by_protocol = List(sorted);
  const pid_t reader = Reader();
  ASSERT_NE(reader, 0);
  WaitFor("the end of scans", [&] { return ChildrenOf(reader).empty(); });
  kill(reader, SIGSTOP);
  EXPECT_EQ(List(filtered).SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(List(everything).SerializeAsString(),
            dissected.SerializeAsString());
  EXPECT_EQ(List(sorted).SerializeAsString(), by_protocol.SerializeAsString());
  filtered.set_first_position(first.total());
  const v1::ListFramesResponse after_the_end = List(filtered);
  EXPECT_THAT(after_the_end.frames(), IsEmpty());
  EXPECT_EQ(after_the_end.total(), first.total());
  kill(reader, SIGCONT);
}

TEST_F(PacketListTest, WrongColumnsAreNoFaultOfTheFilter) {
  Open("http1.pcap.gz");
  v1::ListFramesRequest request = ListOf("tcp");
  request.set_session(session_);
  v1::Column* const column = request.mutable_columns()->add_columns();
  column->set_format("%Cus");
  column->set_custom_fields("no.such.field");
  for (int i = 0; i < 2; ++i) {
    v1::ListFramesResponse page;
    EXPECT_EQ(FailureOf(client_.ListFrames(request, &page)).reason(),
              "COLUMN_FIELDS_INVALID");
  }
  v1::GetFrameRequest frame = WholeFrame(session_, 1);
  frame.mutable_view()->set_display_filter("tcp");
  v1::GetFrameResponse response;
  EXPECT_TRUE(client_.GetFrame(frame, &response).ok());
  EXPECT_EQ(Pages(ListOf("tcp")), Dissected("tcp"));
}

TEST_F(PacketListTest, FiltersLookAtColorsWithoutThem) {
  v1::ListFramesRequest colored =
      ListOf("frame.coloring_rule.name == \"HTTP\"");
  v1::ListFramesRequest plain = colored;
  plain.set_colors(false);
  Open("http1.pcap.gz");
  const uint32_t total = List(colored).total();
  ASSERT_GT(total, 0u);
  EXPECT_EQ(List(plain).total(), total);
  EXPECT_TRUE(client_.Close(session_).ok());
  Open("http1.pcap.gz");
  EXPECT_EQ(List(plain).total(), total);
  v1::GetFrameRequest frame =
      WholeFrame(session_, List(plain).frames(0).number());
  frame.mutable_view()->set_display_filter(colored.display_filter());
  v1::GetFrameResponse response;
  EXPECT_TRUE(client_.GetFrame(frame, &response).ok());
  EXPECT_TRUE(response.displayed());
}

TEST_F(PacketListTest, MarksAreOfTheirOwnPage) {
  Open("http1.pcap.gz");
  const v1::ListFramesRequest request = ListOf("tcp");
  EXPECT_FALSE(List(request).frames(0).marked());
  v1::EditSessionRequest edit;
  edit.set_name(session_);
  edit.add_edits()->mutable_mark()->add_frame_numbers(
      List(request).frames(0).number());
  grpc::ClientContext context;
  v1::EditSessionResponse response;
  const grpc::Status status =
      client_.stub()->EditSession(&context, edit, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(List(request).frames(0).marked());
  EXPECT_TRUE(List(request).frames(0).marked());
  EXPECT_FALSE(List(request).frames(1).marked());
}

}  // namespace
}  // namespace dissectd
