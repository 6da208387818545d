// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_RECENT_LOG_H_
#define SERVER_BASE_RECENT_LOG_H_

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "spdlog/sinks/base_sink.h"

namespace dissectd::server {

// Keeps the last lines of the log in memory, for diagnostics. Thread-safe.
class RecentLog final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  static constexpr size_t kMaxLines = 1000;
  // The limit of all lines together: less than a gRPC message may have.
  static constexpr size_t kMaxBytes = 512 << 10;
  // The rest of a longer line is left out.
  static constexpr size_t kMaxLineBytes = 4096;

  // Returns the lines as they were logged, without line breaks, oldest first,
  // in valid UTF-8.
  std::vector<std::string> Lines();

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  std::deque<std::string> lines_;
  size_t bytes_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_RECENT_LOG_H_
