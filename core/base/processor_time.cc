// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/processor_time.h"

#include <algorithm>
#include <ctime>

namespace dissectd {

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

}  // namespace dissectd
