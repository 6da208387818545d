// SPDX-License-Identifier: GPL-2.0-or-later

// Tests workers with orders of events that end-to-end tests can't force, with
// an engine that consists of socket pairs.

#include "server/engine/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/io_loop.h"
#include "server/base/memory_file.h"
#include "server/base/unique_fd.h"
#include "server/engine/forking_worker.h"
#include "server/engine/worker_parent.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr WorkerEnd kExitedWell = {WorkerEnd::Kind::kExited, 0};
constexpr WorkerEnd kCrashed = {WorkerEnd::Kind::kSignaled, SIGSEGV};

// Starts workers that the test plays.
class FakeParent : public WorkerParent {
 public:
  uint64_t StartWorker(WorkerStart start, EndedFn ended) override {
    starts[++last_id] = std::move(start);
    ended_[last_id] = std::move(ended);
    return last_id;
  }
  void KillWorker(uint64_t id) override { killed.push_back(id); }

  void End(uint64_t id, const WorkerEnd& end) {
    EndedFn ended = std::move(ended_.at(id));
    ended_.erase(id);
    ended(end);
  }

  uint64_t last_id = 0;
  std::map<uint64_t, WorkerStart> starts;
  std::vector<uint64_t> killed;

 private:
  std::map<uint64_t, EndedFn> ended_;
};

// A listener that records its calls.
class Recorder : public Worker::Listener {
 public:
  void OnWorkerMessage(const WorkerSocket::Message& message) override {
    events.push_back(BytesOf(message.payload));
    if (destroy_at_message != nullptr) destroy_at_message->reset();
  }
  void OnWorkerEnd(const WorkerOutcome& outcome) override {
    events.push_back(absl::StrCat("end: ", outcome.status.message()));
    ends.push_back(outcome);
  }

  std::vector<std::string> events;
  std::vector<WorkerOutcome> ends;
  std::unique_ptr<Worker>* destroy_at_message = nullptr;
};

class WorkerTest : public ::testing::Test {
 protected:
  ~WorkerTest() override {
    OnLoop([this] {
      worker_.reset();
      forking_.reset();
    });
  }

  // Runs a task on the loop's thread, and waits until nothing more can happen.
  template <typename Task>
  void OnLoop(Task task) {
    absl::Notification done;
    loop_.Post([&] {
      task();
      done.Notify();
    });
    done.WaitForNotification();
  }

  void Start(ipc::WorkerKind kind = ipc::WorkerKind::kDissection) {
    OnLoop([this, kind] {
      Worker::Options options;
      options.kind = kind;
      options.permit = *limit_.Take("a");
      auto worker =
          Worker::Start(&loop_, &parent_, std::move(options), &recorder_);
      ASSERT_TRUE(worker.ok());
      worker_ = *std::move(worker);
    });
  }

  // Writes to the worker's end of its channel.
  void Say(ipc::MessageType type, const std::string& payload,
           ipc::RequestId request = kOnlyRequest, uint64_t id = 1) {
    ipc::MessageHeader header = {};
    header.type = type;
    header.request_id = request;
    header.length = static_cast<uint32_t>(payload.size());
    const std::string bytes = absl::StrCat(ipc::BytesOf(header), payload);
    const int channel = parent_.starts.at(id).channel.get();
    ASSERT_EQ(write(channel, bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  void CloseChannel(uint64_t id = 1) {
    parent_.starts.at(id).channel = UniqueFd();
  }

  void Read() {
    OnLoop([this] { worker_->Read(); });
  }

  // Waits until the recorder has this number of events.
  void AwaitEvents(size_t count) {
    while (true) {
      size_t heard = 0;
      OnLoop([&] { heard = recorder_.events.size(); });
      if (heard >= count) return;
    }
  }

  void End(const WorkerEnd& end, uint64_t id = 1) {
    OnLoop([&] { parent_.End(id, end); });
  }

  WorkerLimit limit_{1, 1};
  FakeParent parent_;
  Recorder recorder_;
  IoLoop loop_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<ForkingWorker> forking_;
};

TEST_F(WorkerTest, AStatusIsTheEndWhenever) {
  Start();
  Say(ipc::MessageType::kMessage, "one");
  Say(ipc::MessageType::kStatus, "");
  CloseChannel();
  // The process ends before its last messages are read.
  End(kExitedWell);
  Read();
  AwaitEvents(1);
  Read();
  AwaitEvents(2);
  Read();
  EXPECT_THAT(recorder_.events, ElementsAre("one", "end: "));
  EXPECT_TRUE(recorder_.ends[0].status.ok());
  EXPECT_FALSE(recorder_.ends[0].end.has_value());
}

TEST_F(WorkerTest, ALongMessageArrivesAsOne) {
  Start();
  std::string payload;
  for (int i = 0; payload.size() < 5'000'000; ++i) absl::StrAppend(&payload, i);
  Read();
  Say(ipc::MessageType::kMessage, payload);
  Say(ipc::MessageType::kStatus, "");
  AwaitEvents(1);
  EXPECT_TRUE(recorder_.events[0] == payload);
  Read();
  AwaitEvents(2);
  EXPECT_TRUE(recorder_.ends[0].status.ok());
}

TEST_F(WorkerTest, ACrashIsToldAfterAllThatWasSent) {
  Start();
  Say(ipc::MessageType::kMessage, "one");
  CloseChannel();
  End(kCrashed);
  EXPECT_THAT(recorder_.events, IsEmpty()) << "nothing was asked for";
  Read();
  AwaitEvents(1);
  Read();
  AwaitEvents(2);
  ASSERT_EQ(recorder_.ends.size(), 1u);
  EXPECT_TRUE(recorder_.ends[0].crashed());
  EXPECT_THAT(std::string(recorder_.ends[0].status.message()),
              HasSubstr("signal 11"));
}

TEST_F(WorkerTest, ACrashIsToldWhenItsKindIsKnown) {
  Start();
  CloseChannel();
  Read();
  OnLoop([] {});
  EXPECT_THAT(recorder_.events, IsEmpty());
  End(kCrashed);
  ASSERT_EQ(recorder_.ends.size(), 1u);
  EXPECT_EQ(recorder_.ends[0].end->value, SIGSEGV);
}

TEST_F(WorkerTest, TellsWhereACrashWas) {
  Start();
  ipc::StatusPage page = {};
  page.frame_number = 12;
  std::snprintf(page.protocol, sizeof(page.protocol), "%s", "http");
  ASSERT_EQ(
      pwrite(parent_.starts.at(1).status_page.get(), &page, sizeof(page), 0),
      static_cast<ssize_t>(sizeof(page)));
  CloseChannel();
  Read();
  End(kCrashed);
  AwaitEvents(1);
  EXPECT_EQ(recorder_.ends[0].frame, 12u);
  EXPECT_EQ(recorder_.ends[0].protocol, "http");
}

TEST_F(WorkerTest, AWorkerWithoutProcessEndsAtOnce) {
  for (const WorkerEnd end : {WorkerEnd{WorkerEnd::Kind::kNotStarted, EAGAIN},
                              WorkerEnd{WorkerEnd::Kind::kEngineDied},
                              WorkerEnd{WorkerEnd::Kind::kEngineUnavailable}}) {
    recorder_.events.clear();
    recorder_.ends.clear();
    Start();
    Read();
    End(end, parent_.last_id);
    ASSERT_EQ(recorder_.ends.size(), 1u);
    EXPECT_FALSE(recorder_.ends[0].crashed());
    EXPECT_FALSE(recorder_.ends[0].status.ok());
    OnLoop([this] { worker_.reset(); });
    EXPECT_THAT(parent_.killed, IsEmpty()) << "there is nothing to kill";
  }
}

TEST_F(WorkerTest, ReadsOneMessageForEachTimeThatItIsAsked) {
  Start();
  for (const char* text : {"one", "two", "three"}) {
    Say(ipc::MessageType::kMessage, text);
  }
  OnLoop([this] {
    worker_->Read();
    worker_->Read();
  });
  AwaitEvents(1);
  OnLoop([] {});
  EXPECT_THAT(recorder_.events, ElementsAre("one"));
}

TEST_F(WorkerTest, DestructionKillsAndLeavesRoomForOneMoreProcess) {
  Start();
  Read();
  OnLoop([this] { worker_.reset(); });
  EXPECT_THAT(parent_.killed, ElementsAre(1));
  absl::StatusOr<WorkerLimit::Permit> next = limit_.Take("a");
  ASSERT_TRUE(next.ok());
  next->EndSoon();
  EXPECT_FALSE(limit_.Take("a").ok()) << "two processes still run";
  CloseChannel();
  End(kCrashed);
  EXPECT_TRUE(limit_.Take("a").ok());
  EXPECT_THAT(recorder_.events, IsEmpty());
}

TEST_F(WorkerTest, MayBeDestroyedByAMessage) {
  recorder_.destroy_at_message = &worker_;
  Start();
  Say(ipc::MessageType::kMessage, "one");
  Say(ipc::MessageType::kMessage, "two");
  Read();
  AwaitEvents(1);
  OnLoop([] {});
  EXPECT_THAT(recorder_.events, ElementsAre("one"));
  EXPECT_THAT(parent_.killed, ElementsAre(1));
}

using WorkerDeathTest = WorkerTest;

TEST_F(WorkerDeathTest, OtherThreadsMayNotRead) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  Start();
  Read();
  EXPECT_DEBUG_DEATH(worker_->Read(), "called on the wrong thread");
}

TEST_F(WorkerTest, GarbageIsTheEnd) {
  Start();
  const std::string garbage(sizeof(ipc::MessageHeader), '\xff');
  const int channel = parent_.starts.at(1).channel.get();
  ASSERT_EQ(write(channel, garbage.data(), garbage.size()),
            static_cast<ssize_t>(garbage.size()));
  Read();
  AwaitEvents(1);
  EXPECT_EQ(recorder_.ends.size(), 1u);
}

TEST_F(WorkerTest, AStatusIsAMessageOfAWorkerThatServesQueries) {
  Start(ipc::WorkerKind::kQuery);
  Say(ipc::MessageType::kStatus, "status");
  Read();
  AwaitEvents(1);
  EXPECT_THAT(recorder_.events, ElementsAre("status"));
}

class ForkingWorkerTest : public WorkerTest {
 protected:
  ForkingWorkerTest() {
    OnLoop([this] {
      forking_ = std::make_unique<ForkingWorker>(&loop_, &parent_);
    });
  }

  // Starts a fork and records its end.
  uint64_t Fork() {
    uint64_t id = 0;
    OnLoop([&] {
      WorkerStart start;
      start.kind = ipc::WorkerKind::kQuery;
      start.channel = *MemoryFileWith("");
      start.status_page = *MemoryFileWith("");
      id =
          forking_->StartWorker(std::move(start), [this](const WorkerEnd& end) {
            recorder_.events.push_back(Describe(end));
          });
    });
    return id;
  }

  // Receives a message to the worker.
  ipc::MessageHeader Hear(uint64_t id = 1) {
    ipc::MessageHeader header = {};
    std::vector<int> fds;
    const int channel = parent_.starts.at(id).channel.get();
    EXPECT_EQ(
        ipc::ReceiveWithDescriptors(channel, &header, sizeof(header), &fds),
        static_cast<ssize_t>(sizeof(header)));
    fds_heard_ = fds.size();
    for (const int fd : fds) close(fd);
    std::string payload(header.length, '\0');
    EXPECT_EQ(read(channel, payload.data(), payload.size()),
              static_cast<ssize_t>(payload.size()));
    return header;
  }

  void SayEnded(uint64_t fork, int wait_status, uint64_t id = 1) {
    const ipc::ForkEnded ended = {1234, wait_status};
    Say(ipc::MessageType::kForkEnded, std::string(ipc::BytesOf(ended)),
        static_cast<ipc::RequestId>(fork), id);
  }

  size_t fds_heard_ = 0;
};

TEST_F(ForkingWorkerTest, PassesForksOnAndCancelsThem) {
  const uint64_t first = Fork();
  const uint64_t second = Fork();
  EXPECT_NE(first, second);
  EXPECT_EQ(parent_.last_id, 1u) << "one worker forks both";
  EXPECT_EQ(Hear().type, ipc::MessageType::kCaptureName);
  for (const uint64_t fork : {first, second}) {
    const ipc::MessageHeader start = Hear();
    EXPECT_EQ(start.type, ipc::MessageType::kStartFork);
    EXPECT_EQ(start.request_id, fork);
    EXPECT_EQ(fds_heard_, 2u);
  }
  OnLoop([&] { forking_->KillWorker(first); });
  const ipc::MessageHeader cancel = Hear();
  EXPECT_EQ(cancel.type, ipc::MessageType::kCancel);
  EXPECT_EQ(cancel.request_id, first);
  SayEnded(first, SIGKILL);
  AwaitEvents(1);
  EXPECT_THAT(recorder_.events, ElementsAre("signal 9"));
}

TEST_F(ForkingWorkerTest, ForksEndWithTheirWorkerAndTheNextHasAnother) {
  Fork();
  Fork();
  CloseChannel();
  End(kCrashed);
  AwaitEvents(2);
  EXPECT_THAT(recorder_.events, ElementsAre("signal 11", "signal 11"));
  const uint64_t fork = Fork();
  EXPECT_EQ(parent_.last_id, 2u);
  SayEnded(fork, 0, 2);
  AwaitEvents(3);
  EXPECT_EQ(recorder_.events.back(), "exit status 0");
}

TEST_F(ForkingWorkerTest, AWorkerThatSaysOtherThingsIsEnded) {
  Fork();
  Say(ipc::MessageType::kMessage, "hello");
  AwaitEvents(1);
  EXPECT_THAT(parent_.killed, ElementsAre(1));
}

}  // namespace
}  // namespace dissectd::server
