// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/processor_time.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>

namespace dissectd {
namespace {

// Uses processor time.
void Work(int seconds) {
  const auto used = [] {
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec;
  };
  const auto end = used() + seconds;
  while (used() < end) continue;
}

// Returns the wait status of a process that calls `run`.
int StatusOf(const std::function<void()>& run) {
  const pid_t pid = fork();
  if (pid == 0) {
    const rlimit no_core = {};
    setrlimit(RLIMIT_CORE, &no_core);
    run();
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return status;
}

TEST(ProcessorTimeBoundTest, EndsTheProcessBeyondIt) {
  const int status = StatusOf([] {
    const ProcessorTimeBound bound(std::chrono::seconds(1));
    Work(10);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGXCPU);
}

TEST(ProcessorTimeBoundTest, EndsWithTheObject) {
  const int status = StatusOf([] {
    { const ProcessorTimeBound bound(std::chrono::seconds(0)); }
    Work(3);
  });
  EXPECT_TRUE(WIFEXITED(status));
}

TEST(ProcessorTimeBoundTest, DoesNotRaiseALimit) {
  const int status = StatusOf([] {
    rlimit limit = {};
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = 1;
    setrlimit(RLIMIT_CPU, &limit);
    const ProcessorTimeBound bound(std::chrono::seconds(100));
    Work(10);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGXCPU);
}

TEST(YieldAfterTest, LowersThePriorityWhenTheTimeIsUsed) {
  const int status = StatusOf([] {
    const int before = getpriority(PRIO_PROCESS, 0);
    YieldAfter(std::chrono::milliseconds(500));
    if (getpriority(PRIO_PROCESS, 0) != before) _exit(1);
    Work(2);
    // The whole test may run at a low priority.
    constexpr int kYieldingPriority = 5;
    if (getpriority(PRIO_PROCESS, 0) < kYieldingPriority) _exit(2);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(YieldAfterTest, DoesNothingIfThePriorityIsToBeKept) {
  const int status = StatusOf([] {
    const int before = getpriority(PRIO_PROCESS, 0);
    YieldAfter(std::chrono::milliseconds(500));
    KeepPriority();
    Work(2);
    if (getpriority(PRIO_PROCESS, 0) != before) _exit(1);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace dissectd
