// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/process_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>

#include "core/sandbox/process_rights.h"

namespace dissectd::server {
namespace {

constexpr size_t kMib = size_t{1} << 20;
constexpr size_t kPage = 4096;

// Writes to each page.
void Touch(char* memory, size_t size) {
  for (size_t at = 0; at < size; at += kPage) {
    static_cast<volatile char*>(memory)[at] = 1;
  }
}

char* NewMemory(size_t size) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return static_cast<char*>(memory);
}

// Forks the leader of a process group, which ends as soon as the test does.
pid_t ForkFamily() {
  const pid_t leader = fork();
  if (leader == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
  }
  return leader;
}

void KillFamily(pid_t leader) {
  kill(-leader, SIGKILL);
  waitpid(leader, nullptr, 0);
}

// Skips what measures processes of builds with sanitizers: their memory has a
// shadow, which is written as it is.
class ProcessMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kHasSanitizer) GTEST_SKIP() << "sanitizers use memory of their own";
  }
};

TEST_F(ProcessMemoryTest, CountsWhatForksDoNotShare) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t parent = ForkFamily();
  if (parent == 0) {
    char* const memory = NewMemory(64 * kMib);
    Touch(memory, 64 * kMib);
    if (fork() == 0) Touch(memory, 16 * kMib);
    if (write(ready[1], "x", 1) == 1) pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  const uint64_t memory = MemoryOfFamily(parent);
  EXPECT_GT(memory, 79 * kMib);
  EXPECT_LT(memory, 110 * kMib);
  KillFamily(parent);
}

TEST_F(ProcessMemoryTest, CountsWhatForksKeep) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t parent = ForkFamily();
  if (parent == 0) {
    char* const memory = NewMemory(16 * kMib);
    for (int i = 0; i < 4; ++i) {
      Touch(memory, 16 * kMib);
      if (fork() == 0) pause();
    }
    if (write(ready[1], "x", 1) == 1) pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_GT(MemoryOfFamily(parent, parent), 63 * kMib);
  EXPECT_LT(MemoryOfFamily(parent, parent), 90 * kMib);
  EXPECT_LT(MemoryOfFamily(parent), 60 * kMib);
  KillFamily(parent);
}

TEST_F(ProcessMemoryTest, IsNothingForAProcessThatIsGone) {
  const pid_t gone = fork();
  if (gone == 0) _exit(0);
  waitpid(gone, nullptr, 0);
  EXPECT_EQ(MemoryOfFamily(gone), 0u);
}

}  // namespace
}  // namespace dissectd::server
