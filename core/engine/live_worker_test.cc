// SPDX-License-Identifier: GPL-2.0-or-later

// Tests workers that follow a capture for several streams.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/engine_driver.h"
#include "core/engine/testing/live_driver.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::engine {
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

// Returns a request for everything that depends on the frames displayed before.
// Each frame has a separate message, so that time doesn't change the stream.
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

// Returns frames to ports 2000 to 2006.
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
      Showing("udp.dstport != 2001", "view { range { first_frame: 20 } }"),
      Showing("frame.number & 1", "view { range { limit: 12 } }"),
      Showing("udp", "view { range { first_frame: 5 last_frame: 33 } }"),
      Showing("udp",
              "view { range { limit: 12 from_time { seconds: 1700000000 nanos: "
              "7000000 } until_time { seconds: 1700000000 nanos: 30000000 } } "
              "}"),
  };
  for (v1::DissectRequest& view : views) view.MergeFrom(Request(more));
  return views;
}

std::vector<std::string> Tail(const StreamRecord& stream, size_t begin) {
  return {stream.messages.begin() + static_cast<ptrdiff_t>(begin),
          stream.messages.end()};
}

class LiveWorkerTest : public ::testing::Test {
 protected:
  EngineDriver engine_;
  const std::string capture_ = Capture();
};

// Variants with trees of all sizes, and one with an empty state in the middle.
constexpr const char* kVariants[] = {
    "",
    "view { tree: TREE_DETAIL_FULL labels: true }",
    "live { reset_after_frames: 11 }",
    "view { labels: true fields: 'udp' } options { timestamp_format { type: "
    "TIMESTAMP_TYPE_DELTA_DISPLAYED } }",
};

TEST_F(LiveWorkerTest, AStreamIsWhatAWorkerOfItsOwnSends) {
  for (const std::string variant : kVariants) {
    const std::vector<v1::DissectRequest> views = Views(variant);
    LiveDriver together(&engine_, capture_, views[0]);
    for (size_t i = 1; i < views.size(); ++i) {
      together.Add(views[i], Origin::kBeginning);
    }
    for (const uint32_t records : {3u, 4u, kHalf, 50u}) {
      together.Announce(records);
    }
    together.End();
    ASSERT_EQ(together.status()->code(), 0);
    for (size_t i = 0; i < views.size(); ++i) {
      LiveDriver alone(&engine_, capture_, views[i]);
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

TEST_F(LiveWorkerTest, AStreamIsWhatADissectionOfTheFileSends) {
  EngineDriver files;
  for (const std::string variant : {kVariants[0], kVariants[1]}) {
    for (const v1::DissectRequest& view : Views(variant)) {
      LiveDriver live(&engine_, capture_,
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

TEST_F(LiveWorkerTest, AStreamGoesOnInAnotherWorker) {
  const v1::DissectRequest request = Views("")[2];
  LiveDriver first(&engine_, capture_, request);
  LiveDriver second(&engine_, capture_, Showing("udp.dstport == 2001"));
  for (LiveDriver* worker : {&first, &second}) worker->Announce(kHalf);
  const std::vector<ipc::StreamState> states = first.HandOver();
  ASSERT_THAT(states, SizeIs(1));
  EXPECT_EQ(states[0].stream, 1u);
  const ipc::StreamNumber number =
      second.Add(request, Origin::kState, states[0]);
  const size_t sent = first.stream(1).messages.size();
  // A reader that moves there hasn't seen the definitions made here.
  first.AddReader(1);
  for (LiveDriver* worker : {&first, &second}) worker->Announce(kFrames);
  EXPECT_GT(first.stream(1).messages.size(), sent + 2);
  EXPECT_EQ(second.stream(number).messages, Tail(first.stream(1), sent));
}

TEST_F(LiveWorkerTest, AStreamJoinsTheWorkerThatKnowsItsPast) {
  for (const std::string filter : {"", "udp.dstport == 2004"}) {
    LiveDriver worker(&engine_, capture_, Showing("udp.dstport == 2004"));
    const ipc::StreamNumber whole =
        worker.Add(Showing(filter), Origin::kBeginning);
    worker.Announce(kHalf);
    const size_t sent = worker.stream(whole).messages.size();
    // The history of the first stream is enough.
    if (filter.empty()) worker.Remove(whole);
    const ipc::StreamNumber number =
        worker.Add(Showing(filter), Origin::kWorker);
    if (!filter.empty()) worker.AddReader(whole);
    worker.Announce(kFrames);
    ASSERT_FALSE(worker.stream(number).messages.empty());
    if (filter.empty()) {
      LiveDriver alone(&engine_, capture_, Showing(filter));
      alone.Announce(kHalf);
      alone.AddReader(1);
      alone.Announce(kFrames);
      EXPECT_EQ(worker.stream(number).messages, Tail(alone.stream(1), sent));
      EXPECT_THAT(worker.stream(whole).messages, SizeIs(sent));
    } else {
      EXPECT_EQ(worker.stream(number).messages,
                Tail(worker.stream(whole), sent));
    }
  }
}

TEST_F(LiveWorkerTest, ANewReaderLearnsOfFieldsAgain) {
  LiveDriver worker(&engine_, capture_, Showing("udp"));
  worker.Announce(1);
  EXPECT_EQ(worker.stream(1).LastMessage().batch().fields_size(), 2);
  worker.Announce(2);
  EXPECT_EQ(worker.stream(1).LastMessage().batch().fields_size(), 0);
  worker.AddReader(1);
  worker.AddReader(99);
  worker.Remove(99);
  worker.Announce(3);
  EXPECT_EQ(worker.stream(1).LastMessage().batch().fields_size(), 2);
}

TEST_F(LiveWorkerTest, RefusesABadStreamAndGoesOn) {
  LiveDriver worker(&engine_, capture_, Showing("udp"));
  worker.Announce(2);
  const ipc::StreamNumber bad =
      worker.Add(Showing("ip.src =="), Origin::kWorker);
  ASSERT_TRUE(worker.stream(bad).end.has_value());
  Answer answer;
  answer.status = worker.stream(bad).end;
  EXPECT_EQ(answer.status->code(), 3);
  EXPECT_EQ(answer.Failure().reason(), "DISPLAY_FILTER_INVALID");
  const ipc::StreamNumber unknown = worker.Add(Showing("tcp"), Origin::kWorker);
  EXPECT_EQ(worker.stream(unknown).end->code(), 13);
  worker.Announce(4);
  EXPECT_THAT(worker.stream(1).FrameNumbers(), ElementsAre(1, 2, 3, 4));
  worker.End();
  EXPECT_EQ(worker.status()->code(), 0);
}

TEST_F(LiveWorkerTest, FailsIfTheFirstStreamIsBad) {
  LiveDriver worker(&engine_, capture_, Showing("ip.src =="));
  Answer answer;
  answer.status = worker.status();
  EXPECT_EQ(answer.Failure().reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_THAT(worker.stream(0).messages, IsEmpty());
}

TEST_F(LiveWorkerTest, ReadsNothingWithoutStreams) {
  LiveDriver worker(&engine_, capture_,
                    Showing("udp", "view { range { limit: 3 } }"));
  worker.Announce(10);
  EXPECT_EQ(worker.want().records, 3u);
  EXPECT_EQ(worker.stream(1).end->code(), 0);
  EXPECT_EQ(worker.stream(1).LastMessage().end().reason(),
            v1::END_REASON_LIMIT);
  const ipc::StreamNumber number = worker.Add(Showing(""), Origin::kWorker);
  worker.Announce(6);
  EXPECT_THAT(worker.stream(number).FrameNumbers(), ElementsAre(4, 5, 6));
  // The range of this view has ended already.
  const ipc::StreamNumber past = worker.Add(
      Showing("", "view { range { last_frame: 5 } }"), Origin::kWorker);
  EXPECT_TRUE(worker.stream(past).LastMessage().has_end());
  EXPECT_TRUE(worker.stream(past).end.has_value());
}

TEST_F(LiveWorkerTest, SaysHowFarAStreamHasCome) {
  LiveDriver worker(
      &engine_, capture_,
      Showing("frame.number & 1", "view { range { first_frame: 103 } }"), 101);
  const ipc::StreamNumber all = worker.Add(Showing(""), Origin::kBeginning);
  worker.Announce(5);
  worker.End();
  const StreamRecord& odd = worker.stream(1);
  ASSERT_THAT(odd.kinds, SizeIs(kFrames / 2));
  EXPECT_EQ(odd.kinds[0].last_frame, 103u);
  EXPECT_EQ(odd.kinds[0].frames_sent, 1u);
  EXPECT_EQ(odd.kinds[1].last_frame, 105u);
  EXPECT_EQ(odd.kinds[1].frames_sent, 2u);
  EXPECT_EQ(odd.kinds.back().last_frame, 160u);
  EXPECT_EQ(odd.kinds.back().frames_sent, kFrames / 2 - 1);
  v1::DissectResponse lost;
  ASSERT_TRUE(lost.ParseFromString(worker.stream(all).messages[0]));
  EXPECT_EQ(lost.lost().first_frame(), 1u);
  EXPECT_EQ(lost.lost().last_frame(), 100u);
  EXPECT_EQ(worker.stream(all).kinds[0].last_frame, 100u);
}

TEST_F(LiveWorkerTest, GoesOnWithTheNextFile) {
  LiveDriver worker(&engine_, capture_, Showing("frame.number & 1"));
  const ipc::StreamNumber later = worker.Add(
      Showing("", "view { range { first_frame: 66 } }"), Origin::kBeginning);
  const ipc::StreamNumber missed = worker.Add(
      Showing("", "view { range { first_frame: 60 last_frame: 65 } }"),
      Origin::kBeginning);
  worker.Complete();
  worker.NextFile(capture_, 71);
  EXPECT_EQ(worker.stream(1).LastMessage().lost().first_frame(), 61u);
  EXPECT_EQ(worker.stream(1).LastMessage().lost().last_frame(), 70u);
  EXPECT_EQ(worker.stream(1).kinds.back().last_frame, 70u);
  EXPECT_EQ(worker.stream(later).LastMessage().lost().first_frame(), 66u);
  EXPECT_THAT(worker.stream(missed).FrameNumbers(), ElementsAre(60));
  EXPECT_EQ(worker.stream(missed).LastMessage().end().reason(),
            v1::END_REASON_LIMIT);
  worker.Announce(3);
  EXPECT_THAT(worker.stream(later).FrameNumbers(), ElementsAre(71, 72, 73));
  worker.End();
  EXPECT_EQ(worker.stream(later).LastMessage().end().frames_read(), 130u);
  EXPECT_EQ(worker.status()->code(), 0);
}

TEST_F(LiveWorkerTest, FlushesWhatAStreamHasBeforeItWaits) {
  LiveDriver worker(&engine_, capture_,
                    Showing("frame.number & 1", "batch { max_frames: 1000 }"));
  worker.Announce(4);
  EXPECT_THAT(worker.stream(1).FrameNumbers(), ElementsAre(1, 3));
  EXPECT_EQ(worker.stream(1).kinds.back().last_frame, 4u);
  EXPECT_EQ(worker.stream(1).kinds.back().frames_sent, 2u);
}

uint64_t CountOf(const std::string& protocol, const v1::CaptureCounts& counts) {
  for (const v1::ProtocolCount& count : counts.protocols()) {
    if (count.name() == protocol) return count.packets();
  }
  return 0;
}

TEST_F(LiveWorkerTest, CountsProtocols) {
  const auto worker = engine_.Start(ipc::WorkerKind::kStatistics, capture_);
  worker->SendMessage(ipc::MessageType::kCaptureName, "live.pcap");
  worker->SendMessage(ipc::MessageType::kCount, "");
  worker->SendMessage(
      ipc::MessageType::kLiveFile,
      absl::StrCat(ipc::BytesOf(ipc::LiveFile{1}), "live.pcap"));
  ASSERT_EQ(worker->NextFrame()->type, ipc::MessageType::kReadRequest);
  worker->SendMessage(ipc::MessageType::kLiveState,
                      std::string(ipc::BytesOf(ipc::LiveState{7, 0, 0})));
  const auto message = worker->NextFrame();
  ASSERT_EQ(message->type, ipc::MessageType::kMessage);
  ipc::CountedSlot slot = {};
  absl::string_view rest = message->payload;
  ASSERT_TRUE(ipc::TakeStruct(&rest, &slot));
  v1::CaptureCounts counts;
  ASSERT_TRUE(counts.ParseFromString(std::string(rest)));
  // The capture is old, so all its frames are in one slot.
  EXPECT_EQ(counts.packets(), 7u);
  EXPECT_EQ(CountOf("frame", counts), 7u);
  EXPECT_EQ(worker->NextFrame()->type, ipc::MessageType::kReadRequest);
  worker->SendMessage(ipc::MessageType::kAddReader, "");
  EXPECT_EQ(worker->NextFrame()->type, ipc::MessageType::kStatus);
}

}  // namespace
}  // namespace dissectd::engine
