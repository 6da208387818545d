// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_CALL_COUNTS_H_
#define SERVER_METRICS_CALL_COUNTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "server/metrics/counter.h"
#include "server/metrics/duration_counts.h"
#include "server/rpc/call_observer.h"

namespace dissectd::server::metrics {

// The calls of one method. Thread-safe.
struct MethodCounts {
  // The number of status codes.
  static constexpr size_t kCodes = 17;

  // For example `dissectd.v1.FileService/GetFile`.
  std::string name;
  // `unary`, `server_stream`, `client_stream` or `bidi_stream`.
  std::string type;
  Counter starts;
  // By status code.
  std::array<Counter, kCodes> ends;
  DurationCounts durations;

  uint64_t running() const;
};

// Counts all calls of the API. Thread-safe.
class CallCounts final : public CallObserver {
 public:
  CallCounts();

  void OnCallBegun(const CallInfo& call) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCallEnded(const CallEnd& end) override ABSL_LOCKS_EXCLUDED(mutex_);

  // Returns the methods that were called, which live as long as this.
  std::vector<const MethodCounts*> methods() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The calls that failed, by the reason of their status. Reasons that
  // docs/errors.md doesn't have, such as a worker could invent, are `other`.
  std::map<std::string, uint64_t> failures() const;

 private:
  MethodCounts* CountsOf(const Method& method) ABSL_LOCKS_EXCLUDED(mutex_);

  // Never changed after the constructor, except for the counters.
  absl::flat_hash_map<std::string, std::unique_ptr<Counter>> failures_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const Method*, std::unique_ptr<MethodCounts>> methods_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_CALL_COUNTS_H_
