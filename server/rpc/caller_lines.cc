// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/caller_lines.h"

#include <utility>

#include "absl/status/status.h"
#include "server/base/identity_errors.h"

namespace dissectd::server {
namespace {

// No principal or host has such a name.
constexpr char kUnidentified[] = "unidentified callers";
constexpr char kOthers[] = "other callers";

}  // namespace

std::string CallerLines::CallerOf(const CallEnd& end) {
  const bool unidentified = absl::IsUnauthenticated(end.status) ||
                            !IdentityDetail(end.status).empty();
  return unidentified ? kUnidentified : end.call.share_key;
}

bool CallerLines::Allow(const std::string& caller, absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  BeginSecond(now);
  const bool is_counted =
      lines_.size() < kMaxCallers || lines_.count(caller) != 0;
  return ++lines_[is_counted ? caller : kOthers] <= kMaxPerSecond;
}

CallerLines::LeftOut CallerLines::TakeLeftOut(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  BeginSecond(now);
  return std::exchange(left_out_, {});
}

CallerLines::LeftOut CallerLines::TakeAllLeftOut() {
  const absl::MutexLock lock(&mutex_);
  EndSecond();
  return std::exchange(left_out_, {});
}

void CallerLines::BeginSecond(absl::Time now) {
  // The clock may be set back.
  if (now - second_ < absl::Seconds(1) && now >= second_) return;
  EndSecond();
  second_ = now;
}

void CallerLines::EndSecond() {
  for (const auto& [caller, lines] : lines_) {
    if (lines <= kMaxPerSecond) continue;
    const bool is_counted =
        left_out_.size() < kMaxCallers || left_out_.count(caller) != 0;
    left_out_[is_counted ? caller : kOthers] += lines - kMaxPerSecond;
  }
  lines_.clear();
}

}  // namespace dissectd::server
