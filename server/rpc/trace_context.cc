// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/trace_context.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/random_id.h"

namespace dissectd::server {
namespace {

constexpr size_t kVersionDigits = 2;
constexpr size_t kTraceIdDigits = 32;
constexpr size_t kSpanIdDigits = 16;
constexpr size_t kFlagsDigits = 2;
// The number of fields in version 00: VERSION-TRACE_ID-SPAN_ID-FLAGS.
constexpr size_t kFields = 4;
// The limit of a header. Later versions may append fields.
constexpr size_t kMaxHeaderBytes = 512;

bool IsHex(absl::string_view text, size_t digits) {
  return text.size() == digits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool IsId(absl::string_view text, size_t digits) {
  return IsHex(text, digits) &&
         text.find_first_not_of('0') != absl::string_view::npos;
}

// The only flag of version 00; the standard requires that others are sent as 0.
constexpr int kSampledFlag = 1;

bool IsSampled(absl::string_view flags) {
  int value = 0;
  return absl::SimpleHexAtoi(flags, &value) && (value & kSampledFlag) != 0;
}

// Returns a random id that isn't all zeros.
std::string NewId(size_t digits) {
  std::string id;
  do {
    id = NewRandomId().substr(0, digits);
  } while (!IsId(id, digits));
  return id;
}

}  // namespace

std::optional<TraceParent> ParseTraceParent(absl::string_view header) {
  if (header.size() > kMaxHeaderBytes) return std::nullopt;
  const std::vector<absl::string_view> fields = absl::StrSplit(header, '-');
  if (fields.size() < kFields || !IsHex(fields[0], kVersionDigits) ||
      fields[0] == "ff" || !IsId(fields[1], kTraceIdDigits) ||
      !IsId(fields[2], kSpanIdDigits) || !IsHex(fields[3], kFlagsDigits)) {
    return std::nullopt;
  }
  if (fields[0] == "00" && fields.size() != kFields) return std::nullopt;
  return TraceParent{std::string(fields[1]), std::string(fields[2]),
                     IsSampled(fields[3])};
}

TraceContext NewSpan(const std::optional<TraceParent>& parent) {
  const std::string span_id = NewId(kSpanIdDigits);
  if (!parent.has_value()) return {NewId(kTraceIdDigits), span_id, "", false};
  return {parent->trace_id, span_id, parent->span_id, parent->sampled};
}

std::string TraceParentOf(const TraceContext& trace) {
  return absl::StrCat("00-", trace.trace_id, "-", trace.span_id,
                      trace.sampled ? "-01" : "-00");
}

}  // namespace dissectd::server
