// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/queue_waits.h"

#include <array>
#include <cstddef>

namespace dissectd::server::metrics {
namespace {

std::array<DurationCounts, kQueues> waits;

}  // namespace

DurationCounts* WaitsOf(Queue queue) {
  return &waits[static_cast<size_t>(queue)];
}

}  // namespace dissectd::server::metrics
