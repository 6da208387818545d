// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_pool.h"

#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/ipc/struct_bytes.h"
#include "gtest/gtest.h"
#include "server/base/io_loop.h"
#include "server/base/limits.h"
#include "server/base/principal.h"
#include "server/base/testing/settle.h"
#include "server/engine/testing/fake_workers.h"

namespace dissectd::server {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// Waits for the end of an answer.
class Reader : public QueryReader {
 public:
  void OnResponse(const grpc::ByteBuffer& response) override {
    absl::MutexLock lock(&mutex_);
    ++responses_;
  }
  void OnEnd(const absl::Status& status) override {
    // First, as the test may destroy this once it knows the status.
    if (at_end != nullptr) at_end();
    absl::MutexLock lock(&mutex_);
    EXPECT_FALSE(status_.has_value()) << "an answer ends twice";
    status_ = status;
  }

  // Called at the end of the answer, on the loop's thread.
  std::function<void()> at_end;

  bool has_ended() const {
    absl::MutexLock lock(&mutex_);
    return status_.has_value();
  }
  int responses() const {
    absl::MutexLock lock(&mutex_);
    return responses_;
  }
  absl::StatusCode WaitForEnd() const {
    absl::MutexLock lock(&mutex_);
    const auto has_ended = [this] {
      mutex_.AssertReaderHeld();
      return status_.has_value();
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&has_ended), kPatience)) {
      ADD_FAILURE() << "an answer doesn't end";
      return absl::StatusCode::kUnknown;
    }
    return status_->code();
  }

 private:
  mutable absl::Mutex mutex_;
  std::optional<absl::Status> status_ ABSL_GUARDED_BY(mutex_);
  int responses_ ABSL_GUARDED_BY(mutex_) = 0;
};

class QueryPoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    OnLoop([this] { pool_ = std::make_unique<QueryPool>(&loop_); });
  }

  void TearDown() override {
    OnLoop([this] { pool_.reset(); });
  }

  // Runs `task` on the loop's thread, and waits for its end.
  void OnLoop(const std::function<void()>& task) {
    std::promise<void> done;
    loop_.Post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  QueryPool::Ticket Ask(Reader* reader, const std::string& principal = "a") {
    QueryPool::Ticket ticket = 0;
    OnLoop([&] {
      ticket = pool_->Ask({{principal}, principal, &engine_},
                          {ipc::Query::kListProtocols, "request"}, reader);
    });
    return ticket;
  }

  void Abandon(QueryPool::Ticket ticket) {
    OnLoop([this, ticket] { pool_->Abandon(ticket); });
  }

  // Waits until the forking worker is started.
  FakeWorker StartParent() {
    auto [parent, id] = engine_.Next();
    parent_id_ = id;
    const auto name = parent.Receive();
    EXPECT_TRUE(name.has_value() &&
                name->type == ipc::MessageType::kCaptureName);
    return std::move(parent);
  }

  // Receives a query in a fork, and returns its request.
  static ipc::RequestId ReceiveQuery(FakeWorker* fork) {
    const auto query = fork->Receive();
    EXPECT_TRUE(query.has_value() && query->type == ipc::MessageType::kQuery);
    return query.has_value() ? query->request : 0;
  }

  static void Answer(FakeWorker* fork) { fork->SendOk(ReceiveQuery(fork)); }

  // Reports that the process of a fork has ended.
  static void EndFork(FakeWorker* parent, FakeWorker* fork,
                      ipc::RequestId request, int wait_status) {
    fork->Close();
    const ipc::ForkEnded ended = {1, wait_status};
    parent->Send(ipc::MessageType::kForkEnded, request, ipc::BytesOf(ended));
  }

  IoLoop loop_;
  FakeWorkers engine_{&loop_};
  std::unique_ptr<QueryPool> pool_;
  uint64_t parent_id_ = 0;
};

TEST_F(QueryPoolTest, TwoForksAnswerOneAfterTheOther) {
  Reader first;
  Reader second;
  Reader third;
  Ask(&first);
  Ask(&second);
  Ask(&third);
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  Answer(&one);
  EXPECT_EQ(first.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(second.has_ended());
  // The idle fork takes the waiting query.
  Answer(&one);
  EXPECT_EQ(third.WaitForEnd(), absl::StatusCode::kOk);
  Answer(&two);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_EQ(engine_.started(), 1u);
}

TEST_F(QueryPoolTest, AForkAnswersOnePrincipalOnly) {
  Reader first;
  Ask(&first, "a");
  FakeWorker parent = StartParent();
  auto [of_a, of_a_id] = parent.ReceiveFork();
  Answer(&of_a);
  EXPECT_EQ(first.WaitForEnd(), absl::StatusCode::kOk);

  Reader second;
  Ask(&second, "b");
  auto [of_b, of_b_id] = parent.ReceiveFork();
  Answer(&of_b);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);

  // Their ends of the channels stay open.
  std::vector<FakeWorker> forks;
  std::vector<std::unique_ptr<Reader>> others;
  for (const char* principal : {"d", "e"}) {
    others.push_back(std::make_unique<Reader>());
    Ask(others.back().get(), principal);
    auto [of_other, of_other_id] = parent.ReceiveFork();
    Answer(&of_other);
    EXPECT_EQ(others.back()->WaitForEnd(), absl::StatusCode::kOk);
    forks.push_back(std::move(of_other));
  }

  // All forks are idle; that of `a` makes room.
  Reader third;
  Ask(&third, "c");
  const auto cancelled = parent.Receive();
  ASSERT_TRUE(cancelled.has_value());
  EXPECT_EQ(cancelled->type, ipc::MessageType::kCancel);
  EXPECT_EQ(cancelled->request, of_a_id);
  auto [of_c, of_c_id] = parent.ReceiveFork();
  Answer(&of_c);
  EXPECT_EQ(third.WaitForEnd(), absl::StatusCode::kOk);

  Reader fourth;
  Ask(&fourth, "b");
  Answer(&of_b);
  EXPECT_EQ(fourth.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, CallersOfOnePrincipalHaveForksOfTheirOwn) {
  Reader first;
  Reader second;
  const auto ask = [this](const std::string& caller, Reader* reader) {
    OnLoop([&] {
      pool_->Ask({{"anonymous"}, caller, &engine_},
                 {ipc::Query::kListProtocols, ""}, reader);
    });
  };
  ask("host 1", &first);
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  Answer(&one);
  EXPECT_EQ(first.WaitForEnd(), absl::StatusCode::kOk);
  ask("host 2", &second);
  auto [two, two_id] = parent.ReceiveFork();
  Answer(&two);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, AKilledForkHoldsItsSlotUntilItHasEnded) {
  Reader abandoned;
  Reader second;
  Reader waiting;
  Reader other;
  const QueryPool::Ticket ticket = Ask(&abandoned, "a");
  Ask(&second, "a");
  Ask(&waiting, "a");
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  Abandon(ticket);
  const auto cancelled = parent.Receive();
  ASSERT_TRUE(cancelled.has_value());
  EXPECT_EQ(cancelled->type, ipc::MessageType::kCancel);
  // The next fork is not for the query of `a` that waits.
  Ask(&other, "b");
  auto [of_b, of_b_id] = parent.ReceiveFork();
  Answer(&of_b);
  EXPECT_EQ(other.WaitForEnd(), absl::StatusCode::kOk);
  EndFork(&parent, &one, one_id, SIGKILL);
  auto [three, three_id] = parent.ReceiveFork();
  Answer(&three);
  EXPECT_EQ(waiting.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, AnAbandonedQueryThatWaitsIsNeverAsked) {
  Reader first;
  Reader second;
  Reader abandoned;
  Reader last;
  Ask(&first);
  Ask(&second);
  Abandon(Ask(&abandoned));
  Ask(&last);
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  Answer(&one);
  Answer(&one);
  EXPECT_EQ(last.WaitForEnd(), absl::StatusCode::kOk);
  Answer(&two);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(abandoned.has_ended());
}

TEST_F(QueryPoolTest, AnAbandonedQueryThatRunsCostsItsFork) {
  Reader abandoned;
  const QueryPool::Ticket ticket = Ask(&abandoned);
  FakeWorker parent = StartParent();
  auto [fork, fork_id] = parent.ReceiveFork();
  ReceiveQuery(&fork);
  Abandon(ticket);
  const auto cancelled = parent.Receive();
  ASSERT_TRUE(cancelled.has_value());
  EXPECT_EQ(cancelled->type, ipc::MessageType::kCancel);
  EXPECT_EQ(cancelled->request, fork_id);
  EndFork(&parent, &fork, fork_id, SIGKILL);

  Reader next;
  Ask(&next);
  auto [other, other_id] = parent.ReceiveFork();
  Answer(&other);
  EXPECT_EQ(next.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(abandoned.has_ended());
  // Abandoning a query twice is harmless.
  Abandon(ticket);
}

TEST_F(QueryPoolTest, ACrashEndsTheQueryOfItsForkOnly) {
  Reader crashed;
  Reader other;
  Ask(&crashed);
  Ask(&other);
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  ReceiveQuery(&one);
  const ipc::RequestId query = ReceiveQuery(&two);
  EndFork(&parent, &one, one_id, SIGSEGV);
  EXPECT_NE(crashed.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(other.has_ended());
  two.SendOk(query);
  EXPECT_EQ(other.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_EQ(engine_.started(), 1u);
}

TEST_F(QueryPoolTest, AForkThatDiesWhileIdleIsNotAskedAgain) {
  Reader first;
  Ask(&first);
  FakeWorker parent = StartParent();
  auto [dead, dead_id] = parent.ReceiveFork();
  Answer(&dead);
  EXPECT_EQ(first.WaitForEnd(), absl::StatusCode::kOk);
  EndFork(&parent, &dead, dead_id, SIGSEGV);
  // The parent's next message is handled after this one.
  Settle(&loop_);

  Reader second;
  Reader third;
  Ask(&second, "b");
  Ask(&third, "a");
  auto [of_b, of_b_id] = parent.ReceiveFork();
  Answer(&of_b);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, TheNextQueryHasAnotherParentIfTheFirstDies) {
  Reader first;
  Ask(&first);
  {
    FakeWorker parent = StartParent();
    auto [fork, fork_id] = parent.ReceiveFork();
    ReceiveQuery(&fork);
    // The forks end with their parent.
  }
  engine_.End(parent_id_, {WorkerEnd::Kind::kSignaled, SIGSEGV});
  EXPECT_NE(first.WaitForEnd(), absl::StatusCode::kOk);

  Reader second;
  Ask(&second);
  FakeWorker parent = StartParent();
  auto [fork, fork_id] = parent.ReceiveFork();
  Answer(&fork);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_EQ(engine_.started(), 2u);
}

TEST_F(QueryPoolTest, WhatWaitsIsAskedOfTheNextParent) {
  Reader first;
  Reader second;
  Reader waiting;
  Ask(&first);
  Ask(&second);
  Ask(&waiting);
  {
    FakeWorker parent = StartParent();
    auto [one, one_id] = parent.ReceiveFork();
    auto [two, two_id] = parent.ReceiveFork();
    ReceiveQuery(&one);
    ReceiveQuery(&two);
  }
  engine_.End(parent_id_, {WorkerEnd::Kind::kSignaled, SIGSEGV});
  EXPECT_NE(first.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_NE(second.WaitForEnd(), absl::StatusCode::kOk);
  FakeWorker parent = StartParent();
  auto [fork, fork_id] = parent.ReceiveFork();
  Answer(&fork);
  EXPECT_EQ(waiting.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, AReaderMayAskAgainAtItsEnd) {
  Reader first;
  Reader again;
  first.at_end = [&] {
    pool_->Ask({{"a"}, "a", &engine_}, {ipc::Query::kListProtocols, ""},
               &again);
  };
  Ask(&first);
  FakeWorker parent = StartParent();
  auto [fork, fork_id] = parent.ReceiveFork();
  Answer(&fork);
  Answer(&fork);
  EXPECT_EQ(first.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_EQ(again.WaitForEnd(), absl::StatusCode::kOk);
}

TEST_F(QueryPoolTest, AReaderMayAbandonAnotherAtItsEnd) {
  Reader first;
  Reader second;
  Reader abandoned;
  Reader last;
  Ask(&first);
  Ask(&second);
  const QueryPool::Ticket ticket = Ask(&abandoned);
  // Before the next task of the loop, which calls it.
  first.at_end = [&] { pool_->Abandon(ticket); };
  Ask(&last);
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  Answer(&one);
  Answer(&one);
  EXPECT_EQ(last.WaitForEnd(), absl::StatusCode::kOk);
  Answer(&two);
  EXPECT_EQ(second.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(abandoned.has_ended());
}

TEST_F(QueryPoolTest, AnEngineThatIsNotThereEndsQueries) {
  Reader reader;
  Ask(&reader);
  auto [parent, id] = engine_.Next();
  engine_.End(id, {WorkerEnd::Kind::kEngineUnavailable});
  EXPECT_EQ(reader.WaitForEnd(), absl::StatusCode::kUnavailable);
}

TEST_F(QueryPoolTest, OneCallerCannotHoldAllForks) {
  Reader first;
  Reader second;
  Reader third;
  Ask(&first, "a");
  Ask(&second, "a");
  Ask(&third, "a");
  FakeWorker parent = StartParent();
  auto [one, one_id] = parent.ReceiveFork();
  auto [two, two_id] = parent.ReceiveFork();
  ReceiveQuery(&one);
  ReceiveQuery(&two);
  // Neither of them answers, and a query of `a` waits, but `b` has its turn.
  Reader other;
  Ask(&other, "b");
  auto [of_b, of_b_id] = parent.ReceiveFork();
  Answer(&of_b);
  EXPECT_EQ(other.WaitForEnd(), absl::StatusCode::kOk);
  EXPECT_FALSE(third.has_ended());
}

TEST_F(QueryPoolTest, RefusesQueriesOfACallerIfTooManyOfItsWait) {
  std::vector<std::unique_ptr<Reader>> waiting;
  for (size_t i = 0; i < 2 + kMaxWaitingQueries / 4; ++i) {
    waiting.push_back(std::make_unique<Reader>());
    Ask(waiting.back().get(), "a");
  }
  Reader refused;
  Ask(&refused, "a");
  EXPECT_EQ(refused.WaitForEnd(), absl::StatusCode::kResourceExhausted);
  Reader other;
  Ask(&other, "b");
  Settle(&loop_);
  EXPECT_FALSE(other.has_ended());
  for (const auto& reader : waiting) EXPECT_FALSE(reader->has_ended());
}

TEST_F(QueryPoolTest, RefusesQueriesIfTooManyWaitButNotWhileTheyAsk) {
  std::vector<std::unique_ptr<Reader>> waiting;
  // Two queries of `a` run, and one each of `b` and `c`.
  for (const char* caller : {"a", "a", "b", "c"}) {
    waiting.push_back(std::make_unique<Reader>());
    Ask(waiting.back().get(), caller);
  }
  for (const char* caller : {"a", "b", "c", "d"}) {
    for (size_t i = 0; i < kMaxWaitingQueries / 4; ++i) {
      waiting.push_back(std::make_unique<Reader>());
      Ask(waiting.back().get(), caller);
    }
  }
  Reader refused;
  bool had_ended = true;
  OnLoop([&] {
    pool_->Ask({{"e"}, "e", &engine_}, {ipc::Query::kListProtocols, ""},
               &refused);
    had_ended = refused.has_ended();
  });
  EXPECT_FALSE(had_ended);
  EXPECT_EQ(refused.WaitForEnd(), absl::StatusCode::kResourceExhausted);
  for (const auto& reader : waiting) EXPECT_FALSE(reader->has_ended());

  // One that is abandoned before it hears of that never does.
  Reader abandoned;
  OnLoop([&] {
    pool_->Abandon(pool_->Ask({{"e"}, "e", &engine_},
                              {ipc::Query::kListProtocols, ""}, &abandoned));
  });
  Settle(&loop_);
  EXPECT_FALSE(abandoned.has_ended());
}

}  // namespace
}  // namespace dissectd::server
