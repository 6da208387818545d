// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/processor_time.h"

#include <sys/time.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <ctime>

namespace dissectd {
namespace {

// A process of this priority gets a third of what others get.
constexpr int kYieldingPriority = 5;

volatile sig_atomic_t may_yield = 0;

void Yield(int /*signal*/) {
  if (may_yield != 0) setpriority(PRIO_PROCESS, 0, kYieldingPriority);
}

}  // namespace

ProcessorTimeBound::ProcessorTimeBound(std::chrono::seconds bound) {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  getrlimit(RLIMIT_CPU, &before_);
  rlimit limit = before_;
  limit.rlim_cur = std::min(
      limit.rlim_cur, static_cast<rlim_t>(used.tv_sec + 1 + bound.count()));
  setrlimit(RLIMIT_CPU, &limit);
}

ProcessorTimeBound::~ProcessorTimeBound() { setrlimit(RLIMIT_CPU, &before_); }

void YieldAfter(std::chrono::microseconds time) {
  // The operator may have given the daemon a low priority already.
  if (getpriority(PRIO_PROCESS, 0) >= kYieldingPriority) return;
  struct sigaction action = {};
  action.sa_handler = Yield;
  // The process may be deep in a recursion.
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigaction(SIGPROF, &action, nullptr);
  may_yield = 1;
  constexpr int64_t kPerSecond = 1'000'000;
  itimerval timer = {};
  timer.it_value.tv_sec = time.count() / kPerSecond;
  timer.it_value.tv_usec = time.count() % kPerSecond;
  setitimer(ITIMER_PROF, &timer, nullptr);
}

void KeepPriority() { may_yield = 0; }

}  // namespace dissectd
