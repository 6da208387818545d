// SPDX-License-Identifier: GPL-2.0-or-later

// Tests how two live workers at the same frame are merged, and what can happen
// meanwhile.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/ipc/protocol.h"
#include "server/engine/worker.h"
#include "server/live/testing/live_test.h"
#include "server/live/testing/recording_reader.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;

constexpr uint32_t kFrames = 10;

class LiveHandoverTest : public LiveTest {
 protected:
  // Makes two workers wait after the same frames, so that the first one is told
  // to hand its reader over to the second one, which has read the frames again.
  void Meet(const std::string& filter_of_first = "") {
    first_reader_ = Join(Request(filter_of_first));
    capture().OpenFile("a.pcapng");
    capture().WritePackets(kFrames);
    first_ = Start();
    first_.RequestRead(0);
    EXPECT_EQ(first_.ReceiveState().records, kFrames);
    first_.SendMessage(first_.stream, "old", kFrames, kFrames);
    first_.RequestRead(kFrames);
    AwaitWaiting(first_reader_);

    second_reader_ = Join(Request());
    second_ = Start();
    second_.RequestRead(0);
    EXPECT_EQ(second_.ReceiveState().records, kFrames);
    second_.SendMessage(second_.stream, "old", kFrames, kFrames);
    second_.RequestRead(kFrames);
    first_.Receive(ipc::MessageType::kHandOver);
    EXPECT_THAT(second_reader_->AwaitHeard(1),
                ElementsAre("old to 10, 10 sent"));
  }

  // Returns the state of the first worker's stream.
  ipc::StreamState State() const {
    ipc::StreamState state = {};
    state.stream = first_.stream;
    state.displayed_frame = 7;
    return state;
  }

  // Lets the worker continue with another packet, and expects that its reader
  // gets it.
  void ExpectGoesOn(PlayedWorker* worker, RecordingReader* reader) {
    capture().WritePackets(1);
    EXPECT_EQ(worker->ReceiveState().records, kFrames + 1);
    worker->SendMessage(worker->stream, "new", kFrames + 1, kFrames + 1);
    EXPECT_EQ(reader->AwaitHeard(2)[1], "new to 11, 11 sent");
  }

  RecordingReader* first_reader_ = nullptr;
  RecordingReader* second_reader_ = nullptr;
  PlayedWorker first_;
  PlayedWorker second_;
};

TEST_F(LiveHandoverTest, ReadersOfTheSameStreamShareOneFromThenOn) {
  Meet();
  first_.SendStates({State()});
  EXPECT_EQ(second_.ReceiveAbout(ipc::MessageType::kAddReader), second_.stream);
  EXPECT_TRUE(first_.IsGone());
  ExpectGoesOn(&second_, second_reader_);
  EXPECT_EQ(first_reader_->AwaitHeard(2)[1], "new to 11, 11 sent");
}

TEST_F(LiveHandoverTest, AnotherFiltersStreamMovesWithItsState) {
  Meet("tcp");
  first_.SendStates({State()});
  const ipc::AddStream moved = second_.ReceiveStream();
  EXPECT_EQ(moved.origin, ipc::StreamOrigin::kState);
  EXPECT_EQ(moved.state.displayed_frame, 7u);
  EXPECT_NE(moved.state.stream, second_.stream);
  EXPECT_TRUE(first_.IsGone());
  capture().WritePackets(1);
  second_.ReceiveState();
  second_.SendMessage(moved.state.stream, "new", 11, 1);
  EXPECT_EQ(first_reader_->AwaitHeard(2)[1], "new to 11, 11 sent");
  EXPECT_EQ(second_reader_->Heard().size(), 1u);
}

TEST_F(LiveHandoverTest, TheFewerReadersMove) {
  first_reader_ = Join(Request());
  Join(Request());
  capture().OpenFile("a.pcapng");
  capture().WritePackets(kFrames);
  first_ = Start();
  first_.RequestRead(0);
  first_.ReceiveAbout(ipc::MessageType::kAddReader);
  first_.ReceiveState();
  first_.SendMessage(first_.stream, "old", kFrames, kFrames);
  first_.RequestRead(kFrames);
  AwaitWaiting(first_reader_);
  Join(Request());
  second_ = Start();
  second_.RequestRead(0);
  second_.ReceiveState();
  second_.RequestRead(kFrames);
  second_.Receive(ipc::MessageType::kHandOver);
}

TEST_F(LiveHandoverTest, IfTheTargetDiesTheFirstGoesOn) {
  Meet();
  Crash(&second_);
  EXPECT_THAT(
      second_reader_->AwaitHeard(3),
      ElementsAre("old to 10, 10 sent", "last message", "end INTERNAL"));
  first_.SendStates({State()});
  ExpectGoesOn(&first_, first_reader_);
}

TEST_F(LiveHandoverTest, IfTheTargetsReaderLeavesTheFirstGoesOn) {
  Meet();
  Leave(second_reader_);
  first_.SendStates({State()});
  ExpectGoesOn(&first_, first_reader_);
}

TEST_F(LiveHandoverTest, IfTheFirstDiesTheTargetGoesOn) {
  Meet();
  Crash(&first_);
  EXPECT_THAT(
      first_reader_->AwaitHeard(3),
      ElementsAre("old to 10, 10 sent", "last message", "end INTERNAL"));
  ExpectGoesOn(&second_, second_reader_);
}

TEST_F(LiveHandoverTest, IfTheFirstsReaderLeavesTheTargetGoesOn) {
  Meet();
  Leave(first_reader_);
  ExpectGoesOn(&second_, second_reader_);
}

TEST_F(LiveHandoverTest, OneWhoJoinsMeanwhileIsServedByTheTarget) {
  Meet();
  RecordingReader* third = Join(Request("", kFrames + 1));
  first_.SendStates({State()});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(second_.ReceiveAbout(ipc::MessageType::kAddReader),
              second_.stream);
  }
  ExpectGoesOn(&second_, second_reader_);
  EXPECT_THAT(third->AwaitHeard(1), ElementsAre("new to 11, 1 sent"));
  EXPECT_EQ(engine_.started(), 2u);
}

TEST_F(LiveHandoverTest, AStreamWithoutAStateEnds) {
  Meet();
  first_.SendStates({});
  EXPECT_EQ(first_reader_->AwaitHeard(2)[1], "end INTERNAL");
  ExpectGoesOn(&second_, second_reader_);
}

TEST_F(LiveHandoverTest, HalfAStateIsNonsense) {
  Meet();
  first_.channel.Send(ipc::MessageType::kStreamStates, kOnlyRequest, "half");
  EXPECT_EQ(first_reader_->AwaitHeard(2)[1], "end INTERNAL");
  ExpectGoesOn(&second_, second_reader_);
}

TEST_F(LiveHandoverTest, BothGoOnIfTheStatesDoNotComeInTime) {
  Meet();
  capture().WritePackets(1);
  // This happens after a second.
  EXPECT_EQ(second_.ReceiveState().records, kFrames + 1);
  EXPECT_EQ(first_.ReceiveState().records, kFrames + 1);
  // The states are not awaited any more.
  first_.SendStates({State()});
  first_.SendMessage(first_.stream, "new", kFrames + 1, kFrames + 1);
  EXPECT_EQ(first_reader_->AwaitHeard(2)[1], "new to 11, 11 sent");
  EXPECT_THAT(second_reader_->Heard(), ElementsAre("old to 10, 10 sent"));
}

}  // namespace
}  // namespace dissectd::server
