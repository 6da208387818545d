// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_notes.h"

#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dissectd::server {
namespace {

// Separates the parts. Later versions may add more of them.
constexpr char kSeparator = '\0';

}  // namespace

std::string EncodeNotes(const CaptureNotes& notes) {
  const std::string separator(1, kSeparator);
  return absl::StrCat(notes.idle_timeout.count(), separator,
                      static_cast<int>(notes.stop_reason), separator,
                      notes.left ? 1 : 0, separator, notes.dumpcap, separator,
                      notes.share_key);
}

CaptureNotes DecodeNotes(absl::string_view text) {
  std::vector<std::string> parts = absl::StrSplit(text, kSeparator);
  parts.resize(5);
  CaptureNotes notes;
  int64_t idle_timeout = 0;
  int stop_reason = 0;
  if (absl::SimpleAtoi(parts[0], &idle_timeout)) {
    notes.idle_timeout = std::chrono::nanoseconds(idle_timeout);
  }
  if (absl::SimpleAtoi(parts[1], &stop_reason) &&
      v1::StopReason_IsValid(stop_reason)) {
    notes.stop_reason = static_cast<v1::StopReason>(stop_reason);
  }
  notes.left = parts[2] == "1";
  notes.dumpcap = parts[3];
  notes.share_key = parts[4];
  return notes;
}

}  // namespace dissectd::server
