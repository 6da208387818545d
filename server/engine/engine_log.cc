// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engine_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <cerrno>
#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/logging.h"
#include "core/base/utf8.h"
#include "core/ipc/log_line.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Bounds the time that the loop spends on a process that prints without end.
constexpr std::chrono::milliseconds kPauseAfterFullBuffer(5);
// As much as fits into a pipe, read in several steps.
constexpr int kMaxLastReads = 8;

bool IsSecondByteOfControl(char c) {
  constexpr unsigned char kEnd = 0xA0;
  return static_cast<unsigned char>(c) < kEnd;
}

// Returns valid UTF-8 without control characters, which could begin lines or
// make a terminal do things.
std::string Printable(absl::string_view text) {
  // The first byte of U+0080 to U+00BF.
  constexpr char kLatinLead = '\xC2';
  const std::string valid = MakeValidUtf8(text);
  std::string printable;
  for (size_t i = 0; i < valid.size(); ++i) {
    const bool is_wide = valid[i] == kLatinLead && i + 1 < valid.size() &&
                         IsSecondByteOfControl(valid[i + 1]);
    if (is_wide) ++i;
    const auto byte = static_cast<unsigned char>(valid[i]);
    if (is_wide || absl::ascii_iscntrl(byte)) {
      absl::StrAppend(&printable, "\\x", absl::Hex(byte, absl::kZeroPad2));
    } else {
      printable.push_back(valid[i]);
    }
  }
  return printable;
}

}  // namespace

absl::StatusOr<std::shared_ptr<EngineLog>> EngineLog::Open(
    asio::io_context* context, UniqueFd* end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    return absl::ErrnoToStatus(errno, "can't create a pipe");
  }
  *end = UniqueFd(ends[1]);
  // make_shared can't call the private constructor.
  std::shared_ptr<EngineLog> log(new EngineLog(context, UniqueFd(ends[0])));
  log->AwaitText();
  return log;
}

void EngineLog::AwaitText() {
  pipe_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](asio::error_code error) {
                     if (!error && self->pipe_.is_open()) self->Read();
                   });
}

void EngineLog::Read() {
  thread_.AssertOnThread();
  asio::error_code error;
  const size_t size = pipe_.read_some(asio::buffer(buffer_), error);
  if (error && error != asio::error::would_block) return;
  Take({buffer_.data(), size});
  if (size == buffer_.size()) {
    pause_.Start(kPauseAfterFullBuffer,
                 [self = shared_from_this()] { self->Read(); });
    return;
  }
  // The pipe was empty, so that the rest of a line can take long to come.
  EndLine();
  AwaitText();
}

void EngineLog::Finish() {
  thread_.AssertOnThread();
  if (!pipe_.is_open()) return;
  asio::error_code error;
  for (int i = 0; i < kMaxLastReads && !error; ++i) {
    const size_t size = pipe_.read_some(asio::buffer(buffer_), error);
    if (!error) Take({buffer_.data(), size});
  }
  EndLine();
  ReportLinesLeftOut();
  pause_.Stop();
  pipe_.close(error);
}

void EngineLog::Take(absl::string_view bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const absl::string_view part = bytes.substr(0, end);
    const size_t room = kMaxLineBytes - line_.size();
    is_cut_ = is_cut_ || part.size() > room;
    absl::StrAppend(&line_, part.substr(0, room));
    if (end == absl::string_view::npos) return;
    EndLine();
    bytes.remove_prefix(end + 1);
  }
}

void EngineLog::EndLine() {
  if (!line_.empty()) Log(line_);
  line_.clear();
  is_cut_ = false;
}

void EngineLog::Log(absl::string_view line) {
  if (!limit_.Allow()) {
    metrics::Count(metrics::Event::kEngineLogLineLeftOut);
    ++lines_left_out_;
    return;
  }
  ReportLinesLeftOut();
  const ipc::LogLine parsed = ipc::ParseLogLine(line);
  const std::string process =
      parsed.process.empty()
          ? ""
          : absl::StrCat("[", parsed.process, parsed.ids.empty() ? "" : " ",
                         parsed.ids, "]");
  const ScopedLogIds scope(parsed.ids);
  spdlog::log(parsed.level, "engine{}: {}{}", process,
              Printable(parsed.message), is_cut_ ? " ..." : "");
}

void EngineLog::ReportLinesLeftOut() {
  if (lines_left_out_ == 0) return;
  spdlog::warn("engine: {} more lines were left out",
               std::exchange(lines_left_out_, 0));
}

}  // namespace dissectd::server
