// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_ENGINE_LOG_H_
#define SERVER_ENGINE_ENGINE_LOG_H_

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/log_limit.h"
#include "server/base/thread_checker.h"
#include "server/base/timer.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// Reads what dissectd-engine and its workers print, and logs it as lines that
// begin with `engine`. A worker that was taken over can print anything, so that
// the length and the number of lines are limited, and control characters are
// escaped. Used on the loop's thread; no call blocks.
class EngineLog : public std::enable_shared_from_this<EngineLog> {
 public:
  static constexpr size_t kMaxLineBytes = 2048;
  static constexpr uint32_t kMaxLinesPerMinute = 1000;

  // Stores the descriptor to print to in `end`. Processes that print to it
  // don't wait if it is full: the kernel drops the text. Errors: those of
  // errno.
  static absl::StatusOr<std::shared_ptr<EngineLog>> Open(
      asio::io_context* context, UniqueFd* end);

  // Logs what is still there, and closes. Doesn't wait for processes that can
  // still print.
  void Finish();

 private:
  EngineLog(asio::io_context* context, UniqueFd pipe)
      : pipe_(*context, pipe.release()), pause_(*context) {
    pipe_.non_blocking(true);
  }

  void AwaitText();
  void Read();
  void Take(absl::string_view bytes);
  void EndLine();
  void Log(absl::string_view line);
  void ReportLinesLeftOut();

  asio::posix::stream_descriptor pipe_;
  Timer pause_;
  std::array<char, 16384> buffer_ = {};
  // The beginning of a line.
  std::string line_;
  bool is_cut_ = false;
  LogLimit limit_{kMaxLinesPerMinute};
  uint64_t lines_left_out_ = 0;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_ENGINE_LOG_H_
