// SPDX-License-Identifier: GPL-2.0-or-later

// Tests which worker serves which client, in orders of events that end-to-end
// tests can't force.

#include "server/live/live_workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/testing/settle.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/live/testing/live_test.h"
#include "server/live/testing/recording_reader.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// More bytes than may wait for a slow reader.
constexpr size_t kTooMuch = size_t{5} << 20;

using LiveWorkersTest = LiveTest;

// Death tests run in a process of their own, as there are other threads.
using LiveWorkersDeathTest = LiveTest;

TEST_F(LiveWorkersDeathTest, OtherThreadsMayNotJoin) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  RecordingReader* reader = NewReader();
  EXPECT_DEBUG_DEATH(static_cast<void>(workers_->Join(reader)),
                     "called on the wrong thread");
}

TEST_F(LiveWorkersTest, ThoseWhoJoinWhileAWorkerStartsShareItsStream) {
  RecordingReader* first = Join(Request());
  RecordingReader* second = Join(Request());
  EXPECT_EQ(engine_.started(), 0u);
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.SendHeader("h");
  EXPECT_THAT(first->AwaitHeard(1), ElementsAre("header h"));
  EXPECT_THAT(second->Heard(), IsEmpty());
  worker.RequestRead(0);
  EXPECT_EQ(worker.ReceiveAbout(ipc::MessageType::kAddReader), worker.stream);
  EXPECT_THAT(second->AwaitHeard(1), ElementsAre("header h"));
  capture().WritePackets(3);
  EXPECT_EQ(worker.ReceiveState().records, 3u);
  worker.SendMessage(worker.stream, "m", 3, 3);
  for (RecordingReader* reader : {first, second}) {
    EXPECT_THAT(reader->AwaitHeard(2),
                ElementsAre("header h", "m to 3, 3 sent"));
  }
  EXPECT_EQ(engine_.started(), 1u);
}

TEST_F(LiveWorkersTest, AnotherFilterIsAnotherStreamOfTheSameWorker) {
  Join(Request());
  Join(Request("tcp"));
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  const ipc::AddStream other = worker.ReceiveStream();
  EXPECT_EQ(other.origin, ipc::StreamOrigin::kBeginning);
  EXPECT_NE(other.state.stream, worker.stream);
}

TEST_F(LiveWorkersTest, OtherPrincipalsAndOtherResetsAreOtherWorkers) {
  Join(Request());
  Join(NewReader(Request(), "b"));
  v1::DissectRequest by_frames = Request();
  by_frames.mutable_live()->set_reset_after_frames(100);
  Join(by_frames);
  v1::DissectRequest by_size = Request();
  by_size.mutable_live()->set_reset_after_mib(1);
  Join(by_size);
  capture().OpenFile("a.pcapng");
  for (int i = 0; i < 3; ++i) Start();
  PlayedWorker last = Start();
  // Clients that request the same size share a worker.
  Join(by_size);
  last.RequestRead(0);
  EXPECT_EQ(last.ReceiveAbout(ipc::MessageType::kAddReader), last.stream);
  EXPECT_EQ(engine_.started(), 4u);
}

TEST_F(LiveWorkersTest, OneWhoLeavesBeforeTheFirstFileStartsNoWorker) {
  RecordingReader* gone = Join(Request());
  Leave(gone);
  capture().OpenFile("a.pcapng");
  RecordingReader* next = Join(Request());
  PlayedWorker worker = Start();
  worker.SendHeader("h");
  next->AwaitHeard(1);
  EXPECT_EQ(engine_.started(), 1u);
  EXPECT_THAT(gone->Heard(), IsEmpty());
}

TEST_F(LiveWorkersTest, OneWhoLeavesAtOnceLeavesNothingBehind) {
  RecordingReader* gone = NewReader();
  std::weak_ptr<LiveWorker> worker;
  OnLoop([&] {
    ASSERT_TRUE(workers_->Join(gone).ok());
    worker = gone->worker();
    gone->worker()->Leave(gone);
    gone->ForgetWorker();
  });
  Settle(&loop_);
  EXPECT_TRUE(worker.expired());
}

TEST_F(LiveWorkersTest, IfTheFirstLeavesTheSecondIsServed) {
  RecordingReader* gone = Join(Request("tcp"));
  RecordingReader* second = Join(Request("udp"));
  Leave(gone);
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.SendMessage(worker.stream, "m", 1, 1);
  EXPECT_THAT(second->AwaitHeard(1), ElementsAre("m to 1, 1 sent"));
  EXPECT_THAT(gone->Heard(), IsEmpty());
}

TEST_F(LiveWorkersTest, OneWhoLeavesWhileTheFileIsOpenedStartsNoWorker) {
  // Files are opened only after this notification.
  absl::Notification open;
  asio::post(pool_, [&open] { open.WaitForNotification(); });
  RecordingReader* gone = Join(Request());
  capture().OpenFile("a.pcapng");
  Leave(gone);
  open.Notify();
  absl::Notification opened;
  asio::post(pool_, [&opened] { opened.Notify(); });
  opened.WaitForNotification();
  Settle(&loop_);
  EXPECT_EQ(engine_.started(), 0u);
}

TEST_F(LiveWorkersTest, OneWhoLeavesWhileTheProcessStartsEndsIt) {
  RecordingReader* gone = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  Leave(gone);
  EXPECT_EQ(worker.ReceiveAbout(ipc::MessageType::kRemoveStream),
            worker.stream);
  EXPECT_TRUE(worker.IsGone());
  Join(Request());
  Start();
  EXPECT_EQ(engine_.started(), 2u);
}

TEST_F(LiveWorkersTest, AWorkerThatCanNotStartEndsItsFirstReaderOnly) {
  RecordingReader* first = Join(Request());
  RecordingReader* second = Join(Request("tcp"));
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  engine_.End(worker.id, {WorkerEnd::Kind::kNotStarted, EAGAIN});
  EXPECT_THAT(first->AwaitHeard(1), ElementsAre("end RESOURCE_EXHAUSTED"));
  EXPECT_THAT(second->AwaitHeard(1), ElementsAre("dropped"));
  Join(second);
  PlayedWorker next = Start();
  next.SendMessage(next.stream, "m", 1, 1);
  EXPECT_THAT(second->AwaitHeard(2), ElementsAre("dropped", "m to 1, 1 sent"));
}

TEST_F(LiveWorkersTest, ACrashEndsThoseWhoReadAndNotThoseWhoWait) {
  RecordingReader* reading = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  capture().WritePackets(5);
  EXPECT_EQ(worker.ReceiveState().records, 5u);
  // The reader is admitted when the worker has read up to its limit.
  RecordingReader* waiting = Join(Request("", 6));
  worker.SendMessage(worker.stream, "m", 2, 2);
  Crash(&worker);
  EXPECT_THAT(reading->AwaitHeard(3),
              ElementsAre("m to 2, 2 sent", "last message", "end INTERNAL"));
  EXPECT_THAT(waiting->AwaitHeard(1), ElementsAre("dropped"));
  EXPECT_EQ(engine_.started(), 1u);
  Join(waiting);
  Start();
}

TEST_F(LiveWorkersTest, AWorkerThatTalksNonsenseIsEnded) {
  RecordingReader* reader = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.channel.Send(ipc::MessageType::kMessage, kOnlyRequest, "?");
  EXPECT_THAT(reader->AwaitHeard(1), ElementsAre("end INTERNAL"));
  EXPECT_TRUE(worker.IsGone());
}

TEST_F(LiveWorkersTest, AWorkerIsNotReadWhileNobodyHasRoom) {
  RecordingReader* reader = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  // The first message has been requested already.
  OnLoop([&] { reader->SetRoom(false); });
  worker.SendMessage(worker.stream, "one", 1, 1);
  worker.SendMessage(worker.stream, "two", 2, 2);
  EXPECT_THAT(reader->AwaitHeard(1), ElementsAre("one to 1, 1 sent"));
  Settle(&loop_);
  EXPECT_EQ(reader->Heard().size(), 1u);
  MakeRoom(reader);
  EXPECT_EQ(reader->AwaitHeard(2)[1], "two to 2, 2 sent");
}

TEST_F(LiveWorkersTest, OneWhoHasNoRoomIsNotWaitedForOnceItLeaves) {
  RecordingReader* slow = Join(Request());
  RecordingReader* other = Join(Request("tcp"));
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  const ipc::StreamNumber stream = worker.ReceiveStream().state.stream;
  OnLoop([&] {
    slow->SetRoom(false);
    other->SetRoom(false);
  });
  worker.SendMessage(stream, "one", 1, 1);
  worker.SendMessage(stream, "two", 2, 2);
  other->AwaitHeard(1);
  OnLoop([&] { other->SetRoom(true); });
  Leave(slow);
  EXPECT_EQ(worker.ReceiveAbout(ipc::MessageType::kRemoveStream),
            worker.stream);
  EXPECT_EQ(other->AwaitHeard(2)[1], "two to 2, 2 sent");
}

TEST_F(LiveWorkersTest, OneWhoIsTooSlowGoesOnAlone) {
  RecordingReader* slow = Join(Request());
  RecordingReader* other = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  worker.ReceiveAbout(ipc::MessageType::kAddReader);
  slow->SetBacklog(kTooMuch);
  worker.SendMessage(worker.stream, "one", 1, 1);
  EXPECT_THAT(slow->AwaitHeard(2), ElementsAre("one to 1, 1 sent", "too slow"));
  slow->SetBacklog(0);
  Join(slow);
  PlayedWorker own = Start();
  // No other client joins the worker.
  Join(Request());
  EXPECT_EQ(worker.ReceiveAbout(ipc::MessageType::kAddReader), worker.stream);
  worker.SendMessage(worker.stream, "two", 2, 2);
  EXPECT_EQ(other->AwaitHeard(2)[1], "two to 2, 2 sent");
  own.SendMessage(own.stream, "two", 2, 1);
  // Its frames are counted through both workers.
  EXPECT_EQ(slow->AwaitHeard(3)[2], "two to 2, 2 sent");
}

TEST_F(LiveWorkersTest, TheOnlyReaderIsNeverTooSlow) {
  RecordingReader* reader = Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  reader->SetBacklog(kTooMuch);
  worker.SendMessage(worker.stream, "one", 1, 1);
  worker.SendMessage(worker.stream, "two", 2, 2);
  EXPECT_THAT(reader->AwaitHeard(2),
              ElementsAre("one to 1, 1 sent", "two to 2, 2 sent"));
}

TEST_F(LiveWorkersTest, TheEndOfAStreamIsNotTheEndOfOthers) {
  RecordingReader* first = Join(Request());
  RecordingReader* second = Join(Request("tcp"));
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  const ipc::StreamNumber other = worker.ReceiveStream().state.stream;
  worker.EndStream(worker.stream);
  EXPECT_THAT(first->AwaitHeard(1), ElementsAre("end OK"));
  worker.SendMessage(other, "m", 1, 1);
  EXPECT_THAT(second->AwaitHeard(1), ElementsAre("m to 1, 1 sent"));
  worker.EndStream(other);
  EXPECT_EQ(second->AwaitHeard(2)[1], "end OK");
  EXPECT_TRUE(worker.IsGone());
}

TEST_F(LiveWorkersTest, AStreamThatIsExpelledHasAWorkerOfItsOwn) {
  RecordingReader* first = Join(Request());
  RecordingReader* second = Join(Request("tcp"));
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  worker.RequestRead(0);
  const ipc::StreamNumber expelled = worker.ReceiveStream().state.stream;
  worker.channel.Send(ipc::MessageType::kStreamExpelled, kOnlyRequest,
                      ipc::BytesOf(expelled));
  EXPECT_THAT(second->AwaitHeard(1), ElementsAre("too slow"));
  Join(second);
  Start();
  worker.SendMessage(worker.stream, "m", 1, 1);
  EXPECT_THAT(first->AwaitHeard(1), ElementsAre("m to 1, 1 sent"));
}

TEST_F(LiveWorkersTest, AWorkerIsToldOfFilesAndOfTheEnd) {
  Join(Request());
  capture().OpenFile("a.pcapng");
  PlayedWorker worker = Start();
  capture().WritePackets(3);
  worker.RequestRead(0);
  EXPECT_EQ(worker.ReceiveState().complete, 0u);
  worker.RequestRead(3);
  capture().OpenFile("b.pcapng");
  EXPECT_EQ(worker.ReceiveState().complete, 1u);
  worker.RequestRead(3, /*at_end=*/true);
  worker.Receive(ipc::MessageType::kLiveFile);
  worker.RequestRead(0);
  capture().End();
  EXPECT_EQ(worker.ReceiveState().complete, 1u);
  worker.RequestRead(0, /*at_end=*/true);
  EXPECT_EQ(worker.ReceiveState().over, 1u);
}

}  // namespace
}  // namespace dissectd::server
