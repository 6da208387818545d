// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/grpc_threads.h"

#include <grpc/support/cpu.h>
#include <grpcpp/alarm.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/read_files.h"

namespace dissectd::server {
namespace {

// "default-executor", as the kernel cuts it.
constexpr char kExecutorThread[] = "default-executo";

constexpr std::chrono::seconds kTimeout(10);
constexpr absl::Duration kPollInterval = absl::Milliseconds(1);

// Returns the limit of gRPC's executor for its threads.
size_t WantedThreads() { return size_t{2} * gpr_cpu_num_cores(); }

size_t CountExecutorThreads() {
  size_t count = 0;
  for (const std::filesystem::path& task : EntriesOf("/proc/self/task")) {
    std::ifstream file(task / "comm");
    std::string name;
    if (std::getline(file, name) && name == kExecutorThread) ++count;
  }
  return count;
}

// Tasks that keep the executor's threads busy.
class BusyTasks {
 public:
  void Add() {
    {
      const absl::MutexLock lock(&mutex_);
      ++running_;
    }
    // The executor calls the functions of alarms.
    alarms_.emplace_back().Set(std::chrono::system_clock::now(), [this](bool) {
      end_.WaitForNotification();
      const absl::MutexLock lock(&mutex_);
      --running_;
    });
  }

  void End() {
    end_.Notify();
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](size_t* running) { return *running == 0; }, &running_));
  }

 private:
  absl::Notification end_;
  absl::Mutex mutex_;
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<grpc::Alarm> alarms_;
};

}  // namespace

absl::Status StartGrpcThreads() {
  const size_t wanted = WantedThreads();
  auto tasks = std::make_unique<BusyTasks>();
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + kTimeout;
  while (CountExecutorThreads() < wanted) {
    if (Clock::now() > end) {
      // Never deleted, as some tasks may wait for a thread that doesn't exist.
      static_cast<void>(tasks.release());
      return absl::ResourceExhaustedError(
          absl::StrCat("the system refuses some of the ", wanted,
                       " threads that gRPC needs, or doesn't tell how many "
                       "there are (/proc/self/task); see \"ulimit -u\""));
    }
    // The executor starts another thread if more than two tasks wait for one,
    // unless it is just starting one: then the next task brings it.
    tasks->Add();
    absl::SleepFor(kPollInterval);
  }
  tasks->End();
  return absl::OkStatus();
}

}  // namespace dissectd::server
