// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/stop_conditions.h"

#include "google/protobuf/util/time_util.h"
#include "server/capture/capture_options.h"

namespace dissectd::server {
namespace {

using google::protobuf::util::TimeUtil;

constexpr uint64_t kBytesPerKb = 1000;
// dumpcap measures time with another clock.
constexpr std::chrono::milliseconds kClockTolerance(50);

bool Reached(uint64_t limit, uint64_t value) {
  return limit != 0 && value >= limit;
}

}  // namespace

bool HasMetStopCondition(const v1::CaptureOptions& options,
                         const CaptureExtent& extent) {
  if (ReadsPipes(options)) return true;
  const v1::StopConditions& stop = options.stop();
  if (stop.has_duration() &&
      extent.duration + kClockTolerance >=
          std::chrono::nanoseconds(
              TimeUtil::DurationToNanoseconds(stop.duration()))) {
    return true;
  }
  return Reached(stop.packets(), extent.packets) ||
         Reached(stop.files(), extent.files) ||
         Reached(stop.file_size_kb() * kBytesPerKb, extent.file_size_bytes);
}

}  // namespace dissectd::server
