// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_COUNTER_H_
#define SERVER_METRICS_COUNTER_H_

#include <atomic>
#include <cstdint>

namespace dissectd::server::metrics {

// A number that only grows. Thread-safe.
class Counter {
 public:
  void Add(uint64_t amount = 1) {
    value_.fetch_add(amount, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_COUNTER_H_
