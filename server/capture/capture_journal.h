// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_JOURNAL_H_
#define SERVER_CAPTURE_CAPTURE_JOURNAL_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "dissectd/v1/capture.pb.h"
#include "server/capture/capture_history.h"

// An append-only encoding of a capture's history: a signature, then entries,
// each with a length and a checksum. A snapshot of the history comes first,
// with the capture's creator, then each later event.
namespace dissectd::server {

// A journal that was read.
struct CaptureJournal {
  CaptureHistory history;
  // The length of the intact part, after which the next entry is written.
  size_t size = 0;
};

// Returns a whole journal that has this history.
std::string EncodeHistory(const CaptureHistory& history);

// Returns the entry for an event that is to be appended.
std::string EncodeEvent(const v1::CaptureEvent& event);

// Reads a journal. It ends before the first entry that is cut short or damaged:
// the daemon or the machine may have died while it was written. Events that
// occur again are ignored. Absent if there is no description of a capture.
std::optional<CaptureJournal> DecodeJournal(absl::string_view bytes);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_JOURNAL_H_
