// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_KEPT_MESSAGES_H_
#define SERVER_CAPTURE_KEEPER_KEPT_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/capture_keeper/keeper_record.h"
#include "server/dumpcap/sync_pipe.h"

namespace dissectd::server {

// dumpcap's messages that a daemon may not have, or not in its journal. Files
// that a journal has are forgotten, and packet counts become one number, so
// that this stays small however long a daemon takes to come.
// Thread-compatible.
class KeptMessages {
 public:
  // The largest number of messages other than those about files. Beyond it, all
  // but the first and the latest are forgotten: the first error is the reason
  // why a capture fails.
  static constexpr size_t kMaxOthers = 100;

  // How far a daemon has read.
  struct Cursor {
    uint64_t messages = 0;
    uint64_t packets = 0;
  };

  void Add(const SyncMessage& message);
  void AddStray(absl::string_view what);

  // Forgets the first files, by their number, except for the last one.
  void Forget(uint64_t files);

  // Returns the next record for a reader, and advances its cursor; absent if
  // there is none yet.
  std::optional<KeeperRecord> Next(Cursor* cursor) const;

 private:
  struct Message {
    // From 0 on.
    uint64_t number;
    bool is_file;
    KeeperRecord record;
  };

  void Keep(KeeperRecord::Kind kind, std::string text, bool is_file);
  void ForgetOther();

  std::deque<Message> messages_;
  uint64_t next_number_ = 0;
  size_t others_ = 0;
  uint64_t files_ = 0;
  uint64_t drops_ = 0;
  uint64_t packets_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_KEPT_MESSAGES_H_
