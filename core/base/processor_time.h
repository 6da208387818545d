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

}  // namespace dissectd

#endif  // CORE_BASE_PROCESSOR_TIME_H_
