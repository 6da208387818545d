// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/audit/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "server/audit/audit_line.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr mode_t kFileMode = 0600;

constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(std::string path) {
  // make_unique can't call the private constructor.
  std::unique_ptr<AuditLog> log =
      absl::WrapUnique(new AuditLog(std::move(path)));
  RETURN_IF_ERROR(log->OpenFile());
  log->thread_ = std::thread([raw = log.get()] { raw->WriteLines(); });
  return log;
}

AuditLog::~AuditLog() { Stop(); }

absl::Status AuditLog::OpenFile() {
  if (path_.empty()) return absl::OkStatus();
  struct stat named;
  struct stat open_file;
  if (file_.valid() && stat(path_.c_str(), &named) == 0 &&
      fstat(file_.get(), &open_file) == 0 && named.st_ino == open_file.st_ino &&
      named.st_dev == open_file.st_dev) {
    return absl::OkStatus();
  }
  // O_NONBLOCK, as opening a pipe would wait for a reader.
  UniqueFd file(
      open(path_.c_str(),
           O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
           kFileMode));
  if (!file.valid() || fstat(file.get(), &open_file) != 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("the audit log \"", path_, "\" can't be opened"));
  }
  if (!S_ISREG(open_file.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the audit log \"", path_, "\" isn't a regular file"));
  }
  file_ = std::move(file);
  return absl::OkStatus();
}

void AuditLog::OnCallEnded(const CallEnd& end) {
  if (!IsAudited(end)) return;
  const absl::Time now = absl::Now();
  if (!HasEffect(end) && !limit_.Allow(CallerLines::CallerOf(end), now)) {
    metrics::Count(metrics::Event::kAuditLineLeftOut);
    return;
  }
  std::string line = AuditLine(end, now);
  const absl::MutexLock lock(&mutex_);
  if (stopping_ || waiting_.size() == kMaxWaiting) {
    ++lost_;
    metrics::Count(metrics::Event::kAuditLineLeftOut);
  } else {
    waiting_.push_back(std::move(line));
  }
}

void AuditLog::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void AuditLog::WriteLines() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  };
  for (bool last = false; !last;) {
    std::deque<std::string> lines;
    uint64_t lost = 0;
    {
      const absl::MutexLock lock(&mutex_);
      // Wakes up also to write which lines were left out.
      mutex_.AwaitWithTimeout(absl::Condition(&has_work), kPatience);
      last = stopping_;
      lines.swap(waiting_);
      std::swap(lost, lost_);
    }
    uint64_t calls = lines.size() + lost;
    const absl::Time now = absl::Now();
    if (lost > 0) lines.push_front(LostLine(lost, "", now));
    for (const auto& [caller, left_out] :
         last ? limit_.TakeAllLeftOut() : limit_.TakeLeftOut(now)) {
      lines.push_back(LostLine(left_out, caller, now));
      calls += left_out;
    }
    if (lines.empty() || Write(lines)) continue;
    const absl::MutexLock lock(&mutex_);
    lost_ += calls;
  }
}

bool AuditLog::Write(const std::deque<std::string>& lines) {
  if (path_.empty()) {
    for (const std::string& line : lines) spdlog::info("audit {}", line);
    return true;
  }
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  absl::Status status = OpenFile();
  if (status.ok() && !Append(text)) {
    status = absl::ErrnoToStatus(
        errno, absl::StrCat("the audit log \"", path_, "\" can't be written"));
  }
  if (!status.ok()) metrics::Count(metrics::Event::kAuditLogFailed);
  if (!status.ok() && !failing_) {
    spdlog::error("{}", std::string(status.message()));
  }
  failing_ = !status.ok();
  return status.ok();
}

bool AuditLog::Append(const std::string& text) {
  struct stat before;
  if (fstat(file_.get(), &before) != 0) return false;
  absl::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = write(file_.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      // No line is left cut short. If that fails too, a reader finds a line
      // that isn't JSON.
      if (ftruncate(file_.get(), before.st_size) != 0) failing_ = false;
      errno = error;
      return false;
    }
    rest.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

}  // namespace dissectd::server
