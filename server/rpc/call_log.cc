// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_log.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/logging.h"
#include "server/base/identity_errors.h"
#include "server/metrics/events.h"
#include "server/rpc/grpc_status.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Returns whether the text has the form of a reason. A reason from a worker may
// be any text.
bool IsReason(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
  });
}

std::string CodeAndReason(const absl::Status& status) {
  std::string text = absl::StatusCodeToString(status.code());
  const std::string reason = FailureOf(status).reason();
  if (IsReason(reason)) absl::StrAppend(&text, " (", reason, ")");
  return text;
}

void Write(const CallerLines::LeftOut& left_out) {
  for (const auto& [caller, lines] : left_out) {
    spdlog::info("left out {} lines about calls of {} that failed", lines,
                 caller);
  }
}

}  // namespace

std::string CallLogLine(const CallEnd& end) {
  const CallInfo& call = end.call;
  std::string line =
      absl::StrCat("call ", call.method->name, ": ", CodeAndReason(end.status),
                   absl::StrFormat(" duration_ms=%.1f",
                                   absl::ToDoubleMilliseconds(end.duration)),
                   " peer=", call.peer, " principal=", call.principal.id);
  const std::string detail = IdentityDetail(end.status);
  if (!detail.empty()) absl::StrAppend(&line, " detail=", detail);
  absl::StrAppend(&line, " ", LogIdsOf(call), " span_id=", call.trace.span_id);
  if (!call.trace.parent_span_id.empty()) {
    absl::StrAppend(&line, " parent_span_id=", call.trace.parent_span_id);
  }
  absl::StrAppend(&line, " messages_received=", end.traffic.messages_received,
                  " bytes_received=", end.traffic.bytes_received,
                  " messages_sent=", end.traffic.messages_sent,
                  " bytes_sent=", end.traffic.bytes_sent);
  return line;
}

void CallLog::OnCallEnded(const CallEnd& end) {
  const absl::Time now = absl::Now();
  Write(lines_.TakeLeftOut(now));
  const auto level =
      end.status.ok() ? spdlog::level::debug : spdlog::level::info;
  if (!spdlog::should_log(level)) return;
  if (!end.status.ok() && !lines_.Allow(CallerLines::CallerOf(end), now)) {
    metrics::Count(metrics::Event::kCallLogLineLeftOut);
    return;
  }
  const std::string ids =
      absl::StrCat(LogIdsOf(end.call), " span_id=", end.call.trace.span_id);
  const ScopedLogIds scope(ids);
  spdlog::log(level, "{}", CallLogLine(end));
}

void CallLog::Flush() { Write(lines_.TakeAllLeftOut()); }

}  // namespace dissectd::server
