// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/events.h"

#include <array>

#include "server/metrics/counter.h"

namespace dissectd::server::metrics {
namespace {

// Each message changes some of these, from many threads.
constexpr size_t kCacheLine = 64;
struct alignas(kCacheLine) EventCounter {
  Counter counter;
};

std::array<EventCounter, kEventCount> counters;

}  // namespace

void Count(Event event, uint64_t amount) {
  counters[static_cast<size_t>(event)].counter.Add(amount);
}

uint64_t CountOf(Event event) {
  return counters[static_cast<size_t>(event)].counter.value();
}

}  // namespace dissectd::server::metrics
