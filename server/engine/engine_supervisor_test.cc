// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engine_supervisor.h"

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;
using Kind = WorkerEnd::Kind;

constexpr std::chrono::seconds kPatience(30);

// Tests an EngineSupervisor whose engine follows a script: one line for each
// start.
class EngineSupervisorTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (supervisor_ == nullptr) return;
    OnLoop([this] {
      supervisor_->Stop();
      supervisor_.reset();
    });
  }

  void Run(const std::string& script) {
    script_ = std::string(std::getenv("TEST_TMPDIR")) + "/" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(script_) << script;
    OnLoop([this] {
      EngineSupervisor::Options options;
      options.program = std::string(std::getenv("TEST_SRCDIR")) +
                        "/dissectd/server/engine/testing/scripted_engine";
      options.arguments = {"--script=" + script_};
      options.on_ready_changed = [this](bool ready) {
        Note(ready ? "ready" : "not ready");
      };
      options.on_unusable = [this] { Note("unusable"); };
      supervisor_ =
          std::make_unique<EngineSupervisor>(&loop_, std::move(options));
      ASSERT_TRUE(supervisor_->Start().ok());
    });
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

  // The start of a worker.
  static WorkerStart NewStart() {
    WorkerStart start;
    start.kind = ipc::WorkerKind::kQuery;
    for (UniqueFd* fd : {&start.channel, &start.status_page, &start.capture}) {
      *fd = UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC));
    }
    return start;
  }

  uint64_t StartWorker() {
    uint64_t id = 0;
    OnLoop([&] {
      // The id isn't known yet when the function is created.
      const auto own_id = std::make_shared<uint64_t>(0);
      id = supervisor_->StartWorker(
          NewStart(), [this, own_id](const WorkerEnd& end) {
            absl::MutexLock lock(&mutex_);
            EXPECT_TRUE(ends_.emplace(*own_id, end).second)
                << "worker " << *own_id << " ended twice";
          });
      *own_id = id;
    });
    return id;
  }

  void KillWorker(uint64_t id) {
    OnLoop([this, id] { supervisor_->KillWorker(id); });
  }

  // Waits until a worker has ended, and returns its end.
  WorkerEnd EndOf(uint64_t id) {
    WorkerEnd end = {Kind::kExited, -1};
    EXPECT_TRUE(WaitFor([&] {
      absl::MutexLock lock(&mutex_);
      const auto found = ends_.find(id);
      if (found != ends_.end()) end = found->second;
      return found != ends_.end();
    })) << "worker "
        << id << " doesn't end";
    return end;
  }

  bool HasEnded(uint64_t id) {
    absl::MutexLock lock(&mutex_);
    return ends_.count(id) != 0;
  }

  void Note(const std::string& event) {
    absl::MutexLock lock(&mutex_);
    events_.push_back(event);
  }

  std::vector<std::string> Events() {
    absl::MutexLock lock(&mutex_);
    return events_;
  }

  // Waits for this number of events, and returns all.
  std::vector<std::string> WaitForEvents(size_t count) {
    EXPECT_TRUE(WaitFor([&] { return Events().size() >= count; }));
    return Events();
  }

  // Returns the orders that engines got, one line each.
  std::string Told() const {
    std::ifstream log(script_ + ".log");
    return std::string(std::istreambuf_iterator<char>(log), {});
  }

  static bool WaitFor(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  IoLoop loop_;
  std::string script_;
  std::unique_ptr<EngineSupervisor> supervisor_;
  absl::Mutex mutex_;
  std::map<uint64_t, WorkerEnd> ends_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> events_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(EngineSupervisorTest, TellsHowAWorkerEnded) {
  Run("ready take end\n");
  const uint64_t id = StartWorker();
  const WorkerEnd end = EndOf(id);
  EXPECT_EQ(end.kind, Kind::kExited);
  EXPECT_EQ(end.value, 0);
  EXPECT_EQ(Told(), "start 1\n");
}

TEST_F(EngineSupervisorTest, WorkersWaitForAnEngineThatIsStartedAgain) {
  Run("exit=1\nready take end take end\n");
  const uint64_t first = StartWorker();
  const uint64_t second = StartWorker();
  EXPECT_EQ(EndOf(first).kind, Kind::kExited);
  EXPECT_EQ(EndOf(second).kind, Kind::kExited);
  EXPECT_EQ(Told(), "start 1\nstart 2\n");
  EXPECT_THAT(Events(), ElementsAre("ready"));
}

TEST_F(EngineSupervisorTest, WorkersDieWithTheirEngineAndTheNextOneServes) {
  Run("ready take take exit=1\nready take end\n");
  const uint64_t first = StartWorker();
  const uint64_t second = StartWorker();
  EXPECT_EQ(EndOf(first).kind, Kind::kEngineDied);
  EXPECT_EQ(EndOf(second).kind, Kind::kEngineDied);
  const uint64_t third = StartWorker();
  EXPECT_EQ(EndOf(third).kind, Kind::kExited);
  EXPECT_THAT(WaitForEvents(3), ElementsAre("ready", "not ready", "ready"));
}

TEST_F(EngineSupervisorTest, AWorkerThatIsKilledBeforeItStartsNeverStarts) {
  Run("exit=1\nready take end\n");
  const uint64_t killed = StartWorker();
  KillWorker(killed);
  const WorkerEnd end = EndOf(killed);
  EXPECT_EQ(end.kind, Kind::kSignaled);
  EXPECT_EQ(end.value, SIGKILL);
  const uint64_t other = StartWorker();
  EXPECT_EQ(EndOf(other).kind, Kind::kExited);
  EXPECT_EQ(Told(), "start 2\n");
}

TEST_F(EngineSupervisorTest, TheEngineKillsAWorkerThatRuns) {
  Run("ready take take end\n");
  const uint64_t id = StartWorker();
  ASSERT_TRUE(WaitFor([this] { return Told() == "start 1\n"; }));
  KillWorker(id);
  EXPECT_EQ(EndOf(id).kind, Kind::kExited);
  EXPECT_EQ(Told(), "start 1\nkill 1\n");
}

TEST_F(EngineSupervisorTest, KillingAWorkerThatHasEndedDoesNothing) {
  Run("ready take end take end\n");
  const uint64_t first = StartWorker();
  EndOf(first);
  KillWorker(first);
  KillWorker(first + 100);
  EndOf(StartWorker());
  EXPECT_EQ(Told(), "start 1\nstart 2\n");
}

TEST_F(EngineSupervisorTest, AnEndThatIsToldTwiceCountsOnce) {
  Run("ready take end end take end\n");
  EndOf(StartWorker());
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kExited);
}

TEST_F(EngineSupervisorTest, AnEngineThatHangsWithoutAChannelIsReplaced) {
  Run("ready take close hang\nready take end\n");
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kEngineDied);
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kExited);
}

TEST_F(EngineSupervisorTest, AnEngineThatCanNotInitialiseIsNotStartedAgain) {
  Run("exit=3\nready\n");
  EXPECT_THAT(WaitForEvents(1), ElementsAre("unusable"));
  // The script still has its second line.
  std::ifstream script(script_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(script), {}), "ready\n");
}

TEST_F(EngineSupervisorTest, AnEngineThatWasReadyOnceIsStartedWhateverItSays) {
  Run("ready exit=3\nready\n");
  EXPECT_THAT(WaitForEvents(3), ElementsAre("ready", "not ready", "ready"));
}

TEST_F(EngineSupervisorTest, AnEngineOfAnotherBuildIsUnusable) {
  Run("old\nready\n");
  EXPECT_THAT(WaitForEvents(1), ElementsAre("unusable"));
}

TEST_F(EngineSupervisorTest, AnEngineThatTalksGarbageIsReplaced) {
  Run("ready take garbage\nready take end\n");
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kEngineDied);
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kExited);
}

TEST_F(EngineSupervisorTest, AnEngineThatDiesWhileItStartsIsTriedAgain) {
  Run("exit=1\nexit=1\nready take end\n");
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kExited);
  EXPECT_THAT(Events(), ElementsAre("ready"));
}

TEST_F(EngineSupervisorTest, AWorkerThatFollowsALostOneHasTheNextEngine) {
  Run("ready take exit=1\nready take end\n");
  std::promise<WorkerEnd> lost;
  std::promise<WorkerEnd> next;
  OnLoop([&] {
    supervisor_->StartWorker(NewStart(), [&](const WorkerEnd& end) {
      lost.set_value(end);
      // In the middle of the ends of all workers.
      supervisor_->StartWorker(
          NewStart(), [&](const WorkerEnd& last) { next.set_value(last); });
    });
  });
  EXPECT_EQ(lost.get_future().get().kind, Kind::kEngineDied);
  EXPECT_EQ(next.get_future().get().kind, Kind::kExited);
  EXPECT_EQ(Told(), "start 1\nstart 2\n");
}

TEST_F(EngineSupervisorTest, AWorkerThatIsLostAndKilledEndsOnce) {
  Run("ready take exit=1\nready take end\n");
  const uint64_t id = StartWorker();
  EXPECT_EQ(EndOf(id).kind, Kind::kEngineDied);
  KillWorker(id);
  EXPECT_EQ(EndOf(StartWorker()).kind, Kind::kExited);
  EXPECT_EQ(Told(), "start 1\nstart 2\n");
}

TEST_F(EngineSupervisorTest, NothingStartsAfterStopping) {
  Run("ready take end\n");
  EndOf(StartWorker());
  OnLoop([this] { supervisor_->Stop(); });
  const uint64_t late = StartWorker();
  EXPECT_EQ(EndOf(late).kind, Kind::kEngineUnavailable);
  const uint64_t killed = StartWorker();
  KillWorker(killed);
  EndOf(killed);
}

TEST_F(EngineSupervisorTest, StoppingEndsAllWorkers) {
  Run("ready take\n");
  const uint64_t id = StartWorker();
  ASSERT_TRUE(WaitFor([this] { return Told() == "start 1\n"; }));
  EXPECT_FALSE(HasEnded(id));
  OnLoop([this] {
    supervisor_->Stop();
    supervisor_.reset();
  });
  EXPECT_EQ(EndOf(id).kind, Kind::kEngineDied);
}

TEST_F(EngineSupervisorTest, StoppingEndsWorkersThatWait) {
  // This engine is never ready.
  Run("take\n");
  const uint64_t id = StartWorker();
  OnLoop([this] {
    supervisor_->Stop();
    supervisor_.reset();
  });
  EXPECT_EQ(EndOf(id).kind, Kind::kEngineDied);
  EXPECT_EQ(Told(), "");
}

}  // namespace
}  // namespace dissectd::server
