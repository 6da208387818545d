// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_PROCESSOR_TIME_H_
#define CORE_BASE_PROCESSOR_TIME_H_

#include <sys/resource.h>

#include <chrono>

namespace dissectd {

// Ends this process by SIGXCPU if it uses more processor time than `bound`
// while the object exists. A limit that the process already has stays in force.
// The kernel counts whole seconds.
class ProcessorTimeBound {
 public:
  explicit ProcessorTimeBound(std::chrono::seconds bound);
  ~ProcessorTimeBound();
  ProcessorTimeBound(const ProcessorTimeBound&) = delete;
  ProcessorTimeBound& operator=(const ProcessorTimeBound&) = delete;

 private:
  rlimit before_ = {};
};

// The processor time that a process may use before it yields to others: more
// than most calls take.
inline constexpr std::chrono::milliseconds kTimeBeforeYielding(100);

// Lowers the priority of this process, and of its future children, when it has
// used that much processor time from now on. So work that takes long yields to
// work that doesn't. Only for processes with one thread that execute no program
// afterwards, as the program would be ended instead.
void YieldAfter(std::chrono::microseconds time);

// Undoes YieldAfter, unless the time has been used already: for a process whose
// future children answer somebody who waits, as they couldn't raise their
// priority again. Needs no system call.
void KeepPriority();

}  // namespace dissectd

#endif  // CORE_BASE_PROCESSOR_TIME_H_
