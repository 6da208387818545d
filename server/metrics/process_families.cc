// SPDX-License-Identifier: GPL-2.0-or-later

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "core/base/read_files.h"
#include "server/base/own_memory.h"
#include "server/metrics/server_families.h"

namespace dissectd::server::metrics {
namespace {

// Returns when the process started, in seconds since 1970; 0 if the kernel
// doesn't tell.
double StartTime() {
  std::ifstream boot("/proc/stat");
  std::string word;
  double boot_time = 0;
  while (boot >> word && word != "btime") {
  }
  boot >> boot_time;
  const std::string text = ContentOf("/proc/self/stat");
  // The name of the program may have spaces. The time is the 20th word after
  // it.
  constexpr int kWordsBefore = 19;
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  for (int i = 0; i < kWordsBefore; ++i) rest >> word;
  double ticks = 0;
  rest >> ticks;
  return boot_time + ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double OpenDescriptors() {
  const size_t open = EntriesOf("/proc/self/fd").size();
  // One of them is that of the folder.
  return open == 0 ? 0 : static_cast<double>(open - 1);
}

double DescriptorLimit() {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

double ProcessorSeconds() {
  constexpr double kPerSecond = 1e6;
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  double seconds = 0;
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    seconds += static_cast<double>(time.tv_sec) +
               static_cast<double>(time.tv_usec) / kPerSecond;
  }
  return seconds;
}

}  // namespace

void AddProcess(Families* families) {
  static const double kStartTime = StartTime();
  const struct {
    const char* name;
    const char* help;
    MetricType type;
    double value;
  } all[] = {
      {"process_start_time_seconds", "When the daemon started.",
       MetricType::Gauge, kStartTime},
      {"process_cpu_seconds_total", "Processor time of the daemon itself.",
       MetricType::Counter, ProcessorSeconds()},
      {"process_resident_memory_bytes", "Memory of the daemon itself.",
       MetricType::Gauge, static_cast<double>(ResidentBytes())},
      {"dissectd_allocated_memory_bytes",
       "Memory that the daemon itself has allocated, most of it for messages.",
       MetricType::Gauge, static_cast<double>(AllocatedBytes())},
      {"process_open_fds", "Descriptors that the daemon has open.",
       MetricType::Gauge, OpenDescriptors()},
      {"process_max_fds", "The limit of these descriptors.", MetricType::Gauge,
       DescriptorLimit()},
  };
  for (const auto& metric : all) {
    FamilyBuilder(families, metric.name, metric.help, metric.type)
        .Add(metric.value);
  }
}

}  // namespace dissectd::server::metrics
