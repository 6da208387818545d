// SPDX-License-Identifier: GPL-2.0-or-later

// Tests workers that answer queries, one after the other and several at a time.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <string>

#include "core/engine/testing/engine_driver.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::engine {
namespace {

class QueryWorkerTest : public ::testing::Test {
 protected:
  QueryWorkerTest() : worker_(engine_.Start(ipc::WorkerKind::kQuery, "")) {
    worker_->SendMessage(ipc::MessageType::kCaptureName, "");
  }

  static void Ask(DrivenWorker* worker, ipc::Query query,
                  ipc::RequestId request) {
    ipc::QueryHeader header = {};
    header.query = query;
    worker->SendMessage(ipc::MessageType::kQuery,
                        std::string(ipc::BytesOf(header)), request);
  }

  // Reads a whole answer, and expects success.
  static void ExpectAnswer(DrivenWorker* worker, ipc::RequestId request) {
    auto frame = worker->NextFrame();
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->type, ipc::MessageType::kMessage);
    EXPECT_EQ(frame->request_id, request);
    EXPECT_FALSE(frame->payload.empty());
    frame = worker->NextFrame();
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->type, ipc::MessageType::kStatus);
    EXPECT_EQ(frame->request_id, request);
  }

  // Reads the end of a fork.
  ipc::ForkEnded ExpectForkEnded(ipc::RequestId request) {
    const auto frame = worker_->NextFrame();
    EXPECT_TRUE(frame.has_value());
    ipc::ForkEnded ended = {};
    if (!frame.has_value()) return ended;
    EXPECT_EQ(frame->type, ipc::MessageType::kForkEnded);
    EXPECT_EQ(frame->request_id, request);
    absl::string_view payload = frame->payload;
    EXPECT_TRUE(ipc::TakeStruct(&payload, &ended));
    return ended;
  }

  EngineDriver engine_;
  std::unique_ptr<DrivenWorker> worker_;
};

TEST_F(QueryWorkerTest, AnswersOneQueryAfterTheOther) {
  for (const ipc::RequestId request : {5u, 6u, 9u}) {
    Ask(worker_.get(), ipc::Query::kListTimestampTypes, request);
    ExpectAnswer(worker_.get(), request);
  }
}

TEST_F(QueryWorkerTest, ACancelledRequestHarmsNoOther) {
  const auto slow = worker_->Fork(1);
  const auto quick = worker_->Fork(2);
  // The answer is larger than a socket's buffer and isn't read, so the fork is
  // in the middle of it until it is cancelled.
  Ask(slow.get(), ipc::Query::kReadRegistry, 11);
  ASSERT_EQ(slow->NextFrame()->request_id, 11u);
  Ask(quick.get(), ipc::Query::kListTimestampTypes, 12);
  ExpectAnswer(quick.get(), 12);

  worker_->SendMessage(ipc::MessageType::kCancel, "", 1);
  const ipc::ForkEnded cancelled = ExpectForkEnded(1);
  EXPECT_TRUE(WIFSIGNALED(cancelled.wait_status));
  EXPECT_EQ(WTERMSIG(cancelled.wait_status), SIGKILL);

  // The other fork and the worker go on.
  Ask(quick.get(), ipc::Query::kListTimestampTypes, 13);
  ExpectAnswer(quick.get(), 13);
  Ask(worker_.get(), ipc::Query::kListTimestampTypes, 14);
  ExpectAnswer(worker_.get(), 14);
  const auto next = worker_->Fork(3);
  Ask(next.get(), ipc::Query::kListTimestampTypes, 15);
  ExpectAnswer(next.get(), 15);
}

TEST_F(QueryWorkerTest, AForkEndsWhenItsChannelCloses) {
  worker_->Fork(1).reset();
  const ipc::ForkEnded ended = ExpectForkEnded(1);
  EXPECT_NE(ended.pid, 0);
  EXPECT_EQ(ended.wait_status, 0);
}

TEST_F(QueryWorkerTest, ForksEndWithTheirWorker) {
  const auto fork = worker_->Fork(1);
  Ask(fork.get(), ipc::Query::kListTimestampTypes, 1);
  ExpectAnswer(fork.get(), 1);
  engine_.Kill(*worker_);
  EXPECT_EQ(engine_.WaitForEnd().worker_id, worker_->id());
  EXPECT_FALSE(fork->NextFrame().has_value());
}

}  // namespace
}  // namespace dissectd::engine
