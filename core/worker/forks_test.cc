// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/forks.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

namespace dissectd::engine {
namespace {

constexpr int kTimeoutMs = 30'000;

class ForksTest : public ::testing::Test {
 protected:
  // Reaps the next process that ends.
  Forks::Ended Next() {
    while (true) {
      pollfd waiting = {forks_.fd(), POLLIN, 0};
      EXPECT_EQ(poll(&waiting, 1, kTimeoutMs), 1) << "no process has ended";
      const std::vector<Forks::Ended> ended = forks_.Reap();
      EXPECT_LE(ended.size(), 1u);
      if (!ended.empty()) return ended.front();
    }
  }

  Forks forks_;
};

TEST_F(ForksTest, TellsHowAProcessEnded) {
  const pid_t pid = forks_.Fork(7);
  if (pid == 0) _exit(3);
  EXPECT_EQ(forks_.size(), 1u);
  const Forks::Ended ended = Next();
  EXPECT_EQ(ended.id, 7u);
  EXPECT_EQ(ended.pid, pid);
  EXPECT_EQ(WEXITSTATUS(ended.wait_status), 3);
  EXPECT_EQ(forks_.size(), 0u);
}

TEST_F(ForksTest, TellsWhatAProcessHasUsed) {
  constexpr clock_t kTime = CLOCKS_PER_SEC / 20;
  if (forks_.Fork(7) == 0) {
    while (std::clock() < kTime) {
    }
    _exit(0);
  }
  const Forks::Ended ended = Next();
  EXPECT_GE(ended.usage.processor_microseconds, 40'000u);
  EXPECT_GT(ended.usage.peak_resident_bytes, 0u);
}

TEST_F(ForksTest, KillsTheOneThatIsMeant) {
  for (const uint64_t id : {1, 2}) {
    if (forks_.Fork(id) == 0) pause();
  }
  forks_.Kill(99);
  forks_.Kill(2);
  EXPECT_EQ(Next().id, 2u);
  EXPECT_EQ(forks_.size(), 1u);
  // The process isn't known any more.
  forks_.Kill(2);
}

// Returns whether a process ends within the time-out.
bool Ends(int pidfd) {
  pollfd waiting = {pidfd, POLLIN, 0};
  return poll(&waiting, 1, kTimeoutMs) == 1;
}

TEST_F(ForksTest, KillsWhatAProcessGroupLeavesBehind) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  if (forks_.Fork(1) == 0) {
    setpgid(0, 0);
    const pid_t left_behind = fork();
    if (left_behind == 0) {
      while (true) pause();
    }
    _exit(write(ready[1], &left_behind, sizeof(left_behind)) < 0 ? 1 : 0);
  }
  pid_t left_behind = 0;
  ASSERT_EQ(read(ready[0], &left_behind, sizeof(left_behind)),
            static_cast<ssize_t>(sizeof(left_behind)));
  const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, left_behind, 0));
  ASSERT_GE(pidfd, 0);
  EXPECT_EQ(Next().wait_status, 0);
  EXPECT_TRUE(Ends(pidfd));
  close(pidfd);
  close(ready[0]);
  close(ready[1]);
}

TEST_F(ForksTest, AForkKnowsNoneOfTheOthers) {
  if (forks_.Fork(1) == 0) pause();
  if (forks_.Fork(2) == 0) {
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, nullptr, &blocked);
    const bool clean = forks_.size() == 0 && forks_.fd() == -1 &&
                       sigismember(&blocked, SIGCHLD) == 0;
    _exit(clean ? 0 : 1);
  }
  const Forks::Ended ended = Next();
  EXPECT_EQ(ended.id, 2u);
  EXPECT_EQ(ended.wait_status, 0);
}

}  // namespace
}  // namespace dissectd::engine
