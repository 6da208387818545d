// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/recent_log.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/utf8.h"

namespace dissectd::server {

std::vector<std::string> RecentLog::Lines() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {lines_.begin(), lines_.end()};
}

void RecentLog::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t formatted;
  formatter_->format(message, formatted);
  absl::string_view text(formatted.data(), formatted.size());
  text = absl::StripSuffix(text, "\n");
  std::string line = MakeValidUtf8(text.substr(0, kMaxLineBytes));
  bytes_ += line.size();
  lines_.push_back(std::move(line));
  while (lines_.size() > kMaxLines || bytes_ > kMaxBytes) {
    bytes_ -= lines_.front().size();
    lines_.pop_front();
  }
}

}  // namespace dissectd::server
