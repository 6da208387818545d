// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/frame_merger.h"

#include <gmock/gmock.h>
#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = FrameMerger::Clock;

constexpr seconds kWindow(1);
constexpr size_t kMaxBytes = 100;

grpc::ByteBuffer Bytes(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

std::string TextOf(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

class FrameMergerTest : public testing::Test {
 protected:
  // Adds a frame with this time in seconds, whose text is that number.
  void Push(FrameMerger::StreamId stream, int time) {
    merger_.Push(
        stream,
        {Bytes(std::to_string(time)), absl::UnixEpoch() + absl::Seconds(time)},
        now_);
  }
  void PushUntimed(FrameMerger::StreamId stream, const std::string& text) {
    merger_.Push(stream, {Bytes(text), std::nullopt}, now_);
  }

  // Returns the texts of all messages that may pass now, with * after late
  // ones.
  std::vector<std::string> PopAll() {
    std::vector<std::string> texts;
    while (std::optional<FrameMerger::Next> next = merger_.Pop(now_)) {
      texts.push_back(TextOf(next->message.bytes) +
                      (next->message.late ? "*" : ""));
    }
    return texts;
  }

  FrameMerger merger_{kWindow, kMaxBytes};
  Clock::time_point now_ = Clock::time_point(seconds(1000));
};

using Texts = std::vector<std::string>;

TEST_F(FrameMergerTest, FramesPassInOrderWhenAllStreamsHaveSome) {
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 1);
  Push(1, 4);
  EXPECT_EQ(PopAll(), Texts());
  Push(2, 2);
  Push(2, 3);
  // Stream 2 may still have a frame before 4.
  EXPECT_EQ(PopAll(), (Texts{"1", "2", "3"}));
  Push(2, 5);
  EXPECT_EQ(PopAll(), Texts{"4"});
}

TEST_F(FrameMergerTest, AQuietStreamDelaysOthersForTheWindowOnly) {
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 1);
  EXPECT_EQ(merger_.NextExpiry(), now_ + kWindow);
  now_ += kWindow - milliseconds(1);
  EXPECT_EQ(PopAll(), Texts());
  now_ += milliseconds(1);
  EXPECT_EQ(PopAll(), Texts{"1"});
  EXPECT_EQ(merger_.NextExpiry(), std::nullopt);
}

TEST_F(FrameMergerTest, EarlierFramesPassBeforeOneThatHasWaitedEnough) {
  merger_.Open(1);
  merger_.Open(2);
  merger_.Open(3);
  Push(1, 9);
  now_ += milliseconds(900);
  Push(2, 5);
  Push(2, 10);
  now_ += milliseconds(100);
  EXPECT_EQ(PopAll(), (Texts{"5", "9"}));
}

TEST_F(FrameMergerTest, FramesThatComeTooLatePassAtOnceAndAreMarked) {
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 5);
  now_ += kWindow;
  EXPECT_EQ(PopAll(), Texts{"5"});
  Push(2, 3);
  Push(2, 4);
  Push(2, 5);
  EXPECT_EQ(PopAll(), (Texts{"3*", "4*"}));
  now_ += kWindow;
  EXPECT_EQ(PopAll(), Texts{"5"});
}

TEST_F(FrameMergerTest, AClosedStreamIsNotWaitedFor) {
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 1);
  Push(2, 2);
  PushUntimed(2, "end");
  merger_.Close(2);
  EXPECT_EQ(PopAll(), Texts{"1"});
  merger_.Close(1);
  EXPECT_EQ(PopAll(), (Texts{"2", "end"}));
  EXPECT_TRUE(merger_.empty());
}

TEST_F(FrameMergerTest, MessagesWithoutATimeComeAfterThoseBeforeThem) {
  merger_.Open(1);
  merger_.Open(2);
  PushUntimed(1, "header");
  Push(1, 1);
  PushUntimed(1, "progress");
  EXPECT_EQ(PopAll(), Texts{"header"});
  Push(2, 2);
  EXPECT_EQ(PopAll(), (Texts{"1", "progress"}));
}

TEST_F(FrameMergerTest, AFullStreamDoesNotWait) {
  merger_.Open(1);
  merger_.Open(2);
  for (int i = 100; !merger_.IsFull(1); ++i) Push(1, i);
  // Messages of three bytes, until there are as many bytes as may wait.
  EXPECT_EQ(PopAll(), Texts{"100"});
  EXPECT_FALSE(merger_.IsFull(1));
  EXPECT_FALSE(merger_.IsFull(2));
}

TEST_F(FrameMergerTest, AClockThatIsAheadMakesOthersLateButHoldsNoneBack) {
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 3600);
  now_ += kWindow;
  EXPECT_EQ(PopAll(), Texts{"3600"});
  Push(2, 2);
  Push(2, 3);
  EXPECT_EQ(PopAll(), (Texts{"2*", "3*"}));
}

// Whatever the order of arrival: all frames pass once, those of a stream in its
// order, and each that isn't marked is later than all before it.
TEST_F(FrameMergerTest, NoFrameIsLostAndMarksAreRight) {
  std::minstd_rand random(20);
  constexpr FrameMerger::StreamId kStreams = 7;
  std::vector<int> times(kStreams + 1, 0);
  for (FrameMerger::StreamId i = 1; i <= kStreams; ++i) merger_.Open(i);
  size_t pushed = 0;
  size_t popped = 0;
  int latest = 0;
  std::vector<int> last(kStreams + 1, 0);
  const auto take = [&] {
    while (std::optional<FrameMerger::Next> next = merger_.Pop(now_)) {
      const int time = std::stoi(TextOf(next->message.bytes));
      EXPECT_EQ(next->message.late, time < latest);
      EXPECT_GT(time, last[next->stream]);
      last[next->stream] = time;
      latest = std::max(latest, time);
      ++popped;
    }
  };
  for (int step = 0; step < 20'000; ++step) {
    const FrameMerger::StreamId stream = 1 + random() % kStreams;
    if (!merger_.IsFull(stream)) {
      Push(stream, times[stream] += 1 + static_cast<int>(random() % 10));
      ++pushed;
    }
    now_ += milliseconds(random() % 20);
    if (step % 3 == 0) take();
  }
  for (FrameMerger::StreamId i = 1; i <= kStreams; ++i) merger_.Close(i);
  take();
  EXPECT_EQ(popped, pushed);
  EXPECT_GT(pushed, 5'000u);
  EXPECT_TRUE(merger_.empty());
}

// The frames of a thousand streams that all have some come in one order.
TEST_F(FrameMergerTest, ManyStreamsAreMerged) {
  constexpr FrameMerger::StreamId kStreams = 1000;
  constexpr int kFrames = 10;
  std::minstd_rand random(21);
  for (FrameMerger::StreamId i = 1; i <= kStreams; ++i) merger_.Open(i);
  std::vector<int> expected;
  for (FrameMerger::StreamId i = 1; i <= kStreams; ++i) {
    int time = 0;
    for (int frame = 0; frame < kFrames; ++frame) {
      time += 1 + static_cast<int>(random() % 1000);
      Push(i, time);
      expected.push_back(time);
    }
    merger_.Close(i);
  }
  std::sort(expected.begin(), expected.end());
  const Texts texts = PopAll();
  ASSERT_EQ(texts.size(), expected.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(texts[i], std::to_string(expected[i]));
  }
  EXPECT_TRUE(merger_.empty());
}

TEST_F(FrameMergerTest, KnowsHowMuchItKeeps) {
  EXPECT_EQ(merger_.bytes(), 0u);
  merger_.Open(1);
  merger_.Open(2);
  Push(1, 10);
  Push(2, 300);
  EXPECT_EQ(merger_.bytes(), 5u);
  EXPECT_EQ(merger_.CountStreams(), 2u);
  EXPECT_THAT(PopAll(), testing::ElementsAre("10"));
  EXPECT_EQ(merger_.bytes(), 3u);
  merger_.Close(1);
  merger_.Close(2);
  // What it keeps of a closed stream counts.
  EXPECT_EQ(merger_.CountStreams(), 1u);
  EXPECT_THAT(PopAll(), testing::ElementsAre("300"));
  EXPECT_EQ(merger_.bytes(), 0u);
  EXPECT_EQ(merger_.CountStreams(), 0u);
}

}  // namespace
}  // namespace dissectd::server
