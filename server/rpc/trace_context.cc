// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/trace_context.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/str_split.h"

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

}  // namespace

std::optional<TraceContext> ParseTraceParent(absl::string_view header) {
  if (header.size() > kMaxHeaderBytes) return std::nullopt;
  const std::vector<absl::string_view> fields = absl::StrSplit(header, '-');
  if (fields.size() < kFields || !IsHex(fields[0], kVersionDigits) ||
      fields[0] == "ff" || !IsId(fields[1], kTraceIdDigits) ||
      !IsId(fields[2], kSpanIdDigits) || !IsHex(fields[3], kFlagsDigits)) {
    return std::nullopt;
  }
  if (fields[0] == "00" && fields.size() != kFields) return std::nullopt;
  return TraceContext{std::string(fields[1]), std::string(fields[2])};
}

}  // namespace dissectd::server
