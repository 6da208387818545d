// SPDX-License-Identifier: GPL-2.0-or-later

// Drives sessions that follow a capture for several streams.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/host/testing/capture_builder.h"
#include "core/host/testing/host_driver.h"
#include "core/host/testing/live_driver.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Origin = ipc::StreamOrigin;

constexpr uint32_t kFrames = 60;
constexpr uint32_t kHalf = 31;

v1::DissectRequest Request(const std::string& text) {
  v1::DissectRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
  return request;
}

// Shows all that depends on the frames that were displayed before. Each frame
// has a message of its own, so that time doesn't change the stream.
v1::DissectRequest Showing(const std::string& filter,
                           const std::string& more = "") {
  v1::DissectRequest request = Request(R"pb(
    view {
      columns {
        columns { format: "%m" }
        columns { format: "%t" }
        columns { format: "%Gt" }
        columns { format: "%B" }
        columns { format: "%Cus" custom_fields: "frame.time_delta_displayed" }
      }
      fields: "frame.time_delta_displayed"
      fields: "udp.stream"
    }
    batch { max_frames: 1 }
  )pb");
  request.mutable_view()->set_display_filter(filter);
  request.MergeFrom(Request(more));
  return request;
}

// To ports 2000 to 2006.
std::string Capture() {
  CaptureBuilder capture;
  for (uint32_t i = 0; i < kFrames; ++i) {
    capture.Add(UdpFrame(1000, static_cast<uint16_t>(2000 + i * i % 7),
                         std::string(i % 5, 'x')));
  }
  return capture.bytes();
}

std::vector<v1::DissectRequest> Views(const std::string& more) {
  std::vector<v1::DissectRequest> views = {
      Showing("udp.dstport == 2001"),
      Showing(""),
      Showing("udp.dstport == 2004 || frame.time_delta_displayed > 0.0035"),
      Showing("udp.dstport != 2001", "view { range { first: 20 } }"),
      Showing("frame.number & 1", "view { range { limit: 12 } }"),
      Showing("udp", "view { range { first: 5 last: 33 } }"),
  };
  for (v1::DissectRequest& view : views) view.MergeFrom(Request(more));
  return views;
}

std::vector<std::string> Tail(const StreamRecord& stream, size_t begin) {
  return {stream.messages.begin() + static_cast<ptrdiff_t>(begin),
          stream.messages.end()};
}

class LiveSessionTest : public ::testing::Test {
 protected:
  HostDriver host_;
  const std::string capture_ = Capture();
};

// Trees of all sizes, and an empty state in the middle.
constexpr const char* kVariants[] = {
    "",
    "view { tree: TREE_DETAIL_FULL labels: true }",
    "live { reset_after_frames: 11 }",
    "view { labels: true fields: 'udp' } options { timestamp_format { type: "
    "TIMESTAMP_TYPE_DELTA_DISPLAYED } }",
};

TEST_F(LiveSessionTest, AStreamIsWhatASessionOfItsOwnSends) {
  for (const std::string variant : kVariants) {
    const std::vector<v1::DissectRequest> views = Views(variant);
    LiveDriver together(&host_, capture_, views[0]);
    for (size_t i = 1; i < views.size(); ++i) {
      together.Add(views[i], Origin::kBeginning);
    }
    for (const uint32_t records : {3u, 4u, kHalf, 50u}) {
      together.Announce(records);
    }
    together.End();
    ASSERT_EQ(together.status()->code(), 0);
    for (size_t i = 0; i < views.size(); ++i) {
      LiveDriver alone(&host_, capture_, views[i]);
      for (const uint32_t records : {10u, kFrames}) alone.Announce(records);
      if (!alone.stream(1).end.has_value()) alone.End();
      const StreamRecord& stream =
          together.stream(static_cast<ipc::StreamNumber>(i + 1));
      EXPECT_GT(stream.messages.size(), 3u);
      EXPECT_EQ(stream.messages, alone.stream(1).messages)
          << variant << views[i].view().display_filter();
      EXPECT_EQ(stream.end->code(), 0);
      EXPECT_EQ(together.stream(0).messages, alone.stream(0).messages);
    }
  }
}

TEST_F(LiveSessionTest, AStreamIsWhatADissectionOfTheFileSends) {
  HostDriver files;
  for (const std::string variant : {kVariants[0], kVariants[1]}) {
    for (const v1::DissectRequest& view : Views(variant)) {
      LiveDriver live(&host_, capture_,
                      Showing("udp.dstport == 2006", variant));
      const ipc::StreamNumber number = live.Add(view, Origin::kBeginning);
      live.Announce(kHalf);
      live.End();
      Answer answer;
      for (const ipc::StreamNumber part : {ipc::StreamNumber{0}, number}) {
        for (const std::string& message : live.stream(part).messages) {
          EXPECT_TRUE(answer.messages.emplace_back().ParseFromString(message));
        }
      }
      EXPECT_EQ(answer.Stream(),
                files.Dissect(capture_, view, "live.pcap").Stream())
          << view.ShortDebugString();
    }
  }
}

TEST_F(LiveSessionTest, AStreamGoesOnInAnotherSession) {
  const v1::DissectRequest request = Views("")[2];
  LiveDriver first(&host_, capture_, request);
  LiveDriver second(&host_, capture_, Showing("udp.dstport == 2001"));
  for (LiveDriver* session : {&first, &second}) session->Announce(kHalf);
  const std::vector<ipc::StreamState> states = first.HandOver();
  ASSERT_THAT(states, SizeIs(1));
  EXPECT_EQ(states[0].stream, 1u);
  const ipc::StreamNumber number =
      second.Add(request, Origin::kState, states[0]);
  const size_t sent = first.stream(1).messages.size();
  // Who goes on reading there has not seen what was defined here.
  first.AddReader(1);
  for (LiveDriver* session : {&first, &second}) session->Announce(kFrames);
  EXPECT_GT(first.stream(1).messages.size(), sent + 2);
  EXPECT_EQ(second.stream(number).messages, Tail(first.stream(1), sent));
}

TEST_F(LiveSessionTest, AStreamJoinsTheSessionThatKnowsItsPast) {
  for (const std::string filter : {"", "udp.dstport == 2004"}) {
    LiveDriver session(&host_, capture_, Showing("udp.dstport == 2004"));
    const ipc::StreamNumber whole =
        session.Add(Showing(filter), Origin::kBeginning);
    session.Announce(kHalf);
    const size_t sent = session.stream(whole).messages.size();
    // That of the first stream is enough.
    if (filter.empty()) session.Remove(whole);
    const ipc::StreamNumber number =
        session.Add(Showing(filter), Origin::kSession);
    if (!filter.empty()) session.AddReader(whole);
    session.Announce(kFrames);
    ASSERT_FALSE(session.stream(number).messages.empty());
    if (filter.empty()) {
      LiveDriver alone(&host_, capture_, Showing(filter));
      alone.Announce(kHalf);
      alone.AddReader(1);
      alone.Announce(kFrames);
      EXPECT_EQ(session.stream(number).messages, Tail(alone.stream(1), sent));
      EXPECT_THAT(session.stream(whole).messages, SizeIs(sent));
    } else {
      EXPECT_EQ(session.stream(number).messages,
                Tail(session.stream(whole), sent));
    }
  }
}

TEST_F(LiveSessionTest, ANewReaderLearnsOfFieldsAgain) {
  LiveDriver session(&host_, capture_, Showing("udp"));
  session.Announce(1);
  EXPECT_EQ(session.stream(1).LastMessage().batch().fields_size(), 2);
  session.Announce(2);
  EXPECT_EQ(session.stream(1).LastMessage().batch().fields_size(), 0);
  session.AddReader(1);
  session.AddReader(99);
  session.Remove(99);
  session.Announce(3);
  EXPECT_EQ(session.stream(1).LastMessage().batch().fields_size(), 2);
}

TEST_F(LiveSessionTest, RefusesABadStreamAndGoesOn) {
  LiveDriver session(&host_, capture_, Showing("udp"));
  session.Announce(2);
  const ipc::StreamNumber bad =
      session.Add(Showing("ip.src =="), Origin::kSession);
  ASSERT_TRUE(session.stream(bad).end.has_value());
  Answer answer;
  answer.status = session.stream(bad).end;
  EXPECT_EQ(answer.status->code(), 3);
  EXPECT_EQ(answer.Detail().reason(), "DISPLAY_FILTER_INVALID");
  const ipc::StreamNumber unknown =
      session.Add(Showing("tcp"), Origin::kSession);
  EXPECT_EQ(session.stream(unknown).end->code(), 13);
  session.Announce(4);
  EXPECT_THAT(session.stream(1).FrameNumbers(), ElementsAre(1, 2, 3, 4));
  session.End();
  EXPECT_EQ(session.status()->code(), 0);
}

TEST_F(LiveSessionTest, FailsIfTheFirstStreamIsBad) {
  LiveDriver session(&host_, capture_, Showing("ip.src =="));
  Answer answer;
  answer.status = session.status();
  EXPECT_EQ(answer.Detail().reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_THAT(session.stream(0).messages, IsEmpty());
}

TEST_F(LiveSessionTest, ReadsNothingWithoutStreams) {
  LiveDriver session(&host_, capture_,
                     Showing("udp", "view { range { limit: 3 } }"));
  session.Announce(10);
  EXPECT_EQ(session.want().records, 3u);
  EXPECT_EQ(session.stream(1).end->code(), 0);
  EXPECT_EQ(session.stream(1).LastMessage().end().reason(),
            v1::END_REASON_LIMIT);
  const ipc::StreamNumber number = session.Add(Showing(""), Origin::kSession);
  session.Announce(6);
  EXPECT_THAT(session.stream(number).FrameNumbers(), ElementsAre(4, 5, 6));
  // Its range has ended already.
  const ipc::StreamNumber past =
      session.Add(Showing("", "view { range { last: 5 } }"), Origin::kSession);
  EXPECT_TRUE(session.stream(past).LastMessage().has_end());
  EXPECT_TRUE(session.stream(past).end.has_value());
}

TEST_F(LiveSessionTest, SaysHowFarAStreamHasCome) {
  LiveDriver session(
      &host_, capture_,
      Showing("frame.number & 1", "view { range { first: 103 } }"), 101);
  const ipc::StreamNumber all = session.Add(Showing(""), Origin::kBeginning);
  session.Announce(5);
  session.End();
  const StreamRecord& odd = session.stream(1);
  ASSERT_THAT(odd.kinds, SizeIs(kFrames / 2));
  EXPECT_EQ(odd.kinds[0].last_frame, 103u);
  EXPECT_EQ(odd.kinds[0].frames_sent, 1u);
  EXPECT_EQ(odd.kinds[1].last_frame, 105u);
  EXPECT_EQ(odd.kinds[1].frames_sent, 2u);
  EXPECT_EQ(odd.kinds.back().last_frame, 160u);
  EXPECT_EQ(odd.kinds.back().frames_sent, kFrames / 2 - 1);
  v1::DissectResponse lost;
  ASSERT_TRUE(lost.ParseFromString(session.stream(all).messages[0]));
  EXPECT_EQ(lost.lost().first(), 1u);
  EXPECT_EQ(lost.lost().last(), 100u);
  EXPECT_EQ(session.stream(all).kinds[0].last_frame, 100u);
}

TEST_F(LiveSessionTest, GoesOnWithTheNextFile) {
  LiveDriver session(&host_, capture_, Showing("frame.number & 1"));
  const ipc::StreamNumber later = session.Add(
      Showing("", "view { range { first: 66 } }"), Origin::kBeginning);
  const ipc::StreamNumber missed = session.Add(
      Showing("", "view { range { first: 60 last: 65 } }"), Origin::kBeginning);
  session.Complete();
  session.NextFile(capture_, 71);
  EXPECT_EQ(session.stream(1).LastMessage().lost().first(), 61u);
  EXPECT_EQ(session.stream(1).LastMessage().lost().last(), 70u);
  EXPECT_EQ(session.stream(1).kinds.back().last_frame, 70u);
  EXPECT_EQ(session.stream(later).LastMessage().lost().first(), 66u);
  EXPECT_THAT(session.stream(missed).FrameNumbers(), ElementsAre(60));
  EXPECT_EQ(session.stream(missed).LastMessage().end().reason(),
            v1::END_REASON_LIMIT);
  session.Announce(3);
  EXPECT_THAT(session.stream(later).FrameNumbers(), ElementsAre(71, 72, 73));
  session.End();
  EXPECT_EQ(session.stream(later).LastMessage().end().frames_read(), 130u);
  EXPECT_EQ(session.status()->code(), 0);
}

TEST_F(LiveSessionTest, FlushesWhatAStreamHasBeforeItWaits) {
  LiveDriver session(&host_, capture_,
                     Showing("frame.number & 1", "batch { max_frames: 1000 }"));
  session.Announce(4);
  EXPECT_THAT(session.stream(1).FrameNumbers(), ElementsAre(1, 3));
  EXPECT_EQ(session.stream(1).kinds.back().last_frame, 4u);
  EXPECT_EQ(session.stream(1).kinds.back().frames_sent, 2u);
}

TEST_F(LiveSessionTest, CountsProtocols) {
  const auto session = host_.Start(capture_);
  session->SendFrame(ipc::FrameKind::kCaptureName, "live.pcap");
  session->SendFrame(ipc::FrameKind::kCount, "");
  session->SendFrame(ipc::FrameKind::kLiveFile,
                     absl::StrCat(ipc::BytesOf(ipc::LiveFile{1}), "live.pcap"));
  ASSERT_EQ(session->NextFrame()->kind, ipc::FrameKind::kLiveWant);
  session->SendFrame(ipc::FrameKind::kLiveState,
                     std::string(ipc::BytesOf(ipc::LiveState{7, 0, 0})));
  const auto message = session->NextFrame();
  ASSERT_EQ(message->kind, ipc::FrameKind::kMessage);
  v1::CaptureCounts counts;
  ASSERT_TRUE(counts.ParseFromString(message->payload));
  EXPECT_EQ(counts.packets(), 7u);
  EXPECT_EQ(counts.protocols(0).name(), "frame");
  EXPECT_EQ(session->NextFrame()->kind, ipc::FrameKind::kLiveWant);
  session->SendFrame(ipc::FrameKind::kAddReader, "");
  EXPECT_EQ(session->NextFrame()->kind, ipc::FrameKind::kStatus);
}

}  // namespace
}  // namespace dissectd
