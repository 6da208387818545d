// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_HISTORY_H_
#define SERVER_CAPTURE_CAPTURE_HISTORY_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "dissectd/v1/capture.pb.h"
#include "server/base/principal.h"
#include "server/capture/capture_log.h"

namespace dissectd::server {

// The history of a capture: its description, its creator, its files and its
// events. All changes come from events, so the same events always give the same
// history. Thread-compatible.
class CaptureHistory {
 public:
  CaptureHistory() = default;
  // A new capture, of which `description` has all that doesn't change.
  explicit CaptureHistory(v1::Capture description, Principal creator = {})
      : description_(std::move(description)), creator_(std::move(creator)) {
    description_.set_owner(creator_.id);
  }

  const v1::Capture& description() const { return description_; }
  // Returns the creator of the capture, which clients see as its owner.
  const Principal& creator() const { return creator_; }
  const CaptureLog& log() const { return log_; }
  // The files that exist, the oldest first.
  const std::deque<v1::CaptureFile>& files() const { return files_; }
  // The number of files that were opened, including those that a ring has
  // deleted.
  uint64_t files_opened() const {
    return description_.files_deleted() + files_.size();
  }
  bool has_ended() const { return description_.has_stopped(); }

  // Adds an event: gives it the next number, and the present time unless it has
  // one.
  void Add(v1::CaptureEvent event);
  // As Add, for a capture that was read from its journal: leaves out numbers
  // that clients may have seen, as the last events may not have been written.
  void AddAfterRestart(v1::CaptureEvent event);

  // Changes of the state without an event.
  void SetState(v1::CaptureState state) { description_.set_state(state); }
  // The journal doesn't have the readers, which FileOwners keeps.
  void SetReaders(const std::vector<std::string>& readers) {
    description_.mutable_readers()->Assign(readers.begin(), readers.end());
  }

  // Replaces the values of arguments of an interface in the description, before
  // it is written to a journal.
  void HideExtcapArguments(int interface,
                           const std::vector<std::string>& names);

  // Restore parts of a journal: a file and an event from before the description
  // was written, and an event after it. The latter is ignored if it is known
  // already.
  void RestoreFile(v1::CaptureFile file) { files_.push_back(std::move(file)); }
  void RestoreEvent(v1::CaptureEvent event) { log_.Add(std::move(event)); }
  void Replay(v1::CaptureEvent event);

 private:
  void Apply(const v1::CaptureEvent& event);
  void ApplyFile(const std::string& name);
  void ApplyPackets(uint64_t total);
  void ApplyEnd(const v1::CaptureEvent& event);

  v1::Capture description_;
  Principal creator_;
  std::deque<v1::CaptureFile> files_;
  CaptureLog log_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_HISTORY_H_
