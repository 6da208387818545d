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
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dissectd::server {
namespace {

// "default-executor", as the kernel cuts it.
constexpr char kExecutorThread[] = "default-executo";

// The executor starts another thread if more than two tasks wait for one.
constexpr size_t kTasksPerThread = 4;

constexpr absl::Duration kTimeout = absl::Seconds(10);
constexpr absl::Duration kPollInterval = absl::Milliseconds(1);

// Returns the limit of gRPC's executor for its threads.
size_t WantedThreads() { return size_t{2} * gpr_cpu_num_cores(); }

size_t CountExecutorThreads() {
  size_t count = 0;
  std::error_code error;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(task.path() / "comm");
    std::string name;
    if (std::getline(file, name) && name == kExecutorThread) ++count;
  }
  return count;
}

// Tasks that keep the executor's threads busy.
class BusyTasks {
 public:
  explicit BusyTasks(size_t count) : running_(static_cast<int>(count)) {
    const auto now = std::chrono::system_clock::now();
    for (size_t i = 0; i < count; ++i) {
      // The executor calls the functions of alarms.
      alarms_.emplace_back().Set(now, [this](bool) {
        end_.WaitForNotification();
        running_.DecrementCount();
      });
    }
  }

  void End() {
    end_.Notify();
    running_.Wait();
  }

 private:
  absl::Notification end_;
  absl::BlockingCounter running_;
  std::deque<grpc::Alarm> alarms_;
};

}  // namespace

absl::Status StartGrpcThreads() {
  const size_t wanted = WantedThreads();
  auto tasks = std::make_unique<BusyTasks>(kTasksPerThread * wanted);
  const absl::Time end = absl::Now() + kTimeout;
  while (CountExecutorThreads() < wanted) {
    if (absl::Now() > end) {
      // Never deleted, as some tasks may wait for a thread that doesn't exist.
      static_cast<void>(tasks.release());
      return absl::ResourceExhaustedError(
          absl::StrCat("the system refuses some of the ", wanted,
                       " threads that gRPC needs; see \"ulimit -u\""));
    }
    absl::SleepFor(kPollInterval);
  }
  tasks->End();
  return absl::OkStatus();
}

}  // namespace dissectd::server
