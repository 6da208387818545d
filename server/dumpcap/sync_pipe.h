// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_SYNC_PIPE_H_
#define SERVER_DUMPCAP_SYNC_PIPE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// A message of dumpcap to the program that started it with `-Z`: Wireshark's
// sync pipe.
struct SyncMessage {
  enum class Kind : char {
    kFile = 'F',
    kPacketCount = 'P',
    kDrops = 'D',
    kBadFilter = 'B',
    kError = 'E',
    kWarning = 'W',
    kSuccess = 'S',
    kLog = 'L',
    kInterfaceList = 'I',
    kExecFailed = 'X',
  };
  Kind kind;
  // Without the terminating NUL: the file's name (kFile), the interface
  // (kDrops), the message (kBadFilter), the first part (kError and kWarning).
  std::string text;
  // The second part of kError and kWarning; may be empty.
  std::string secondary;
  // The number of packets (kPacketCount, kDrops); the index of the interface
  // (kBadFilter).
  uint64_t number = 0;
};

// Returns the message as dumpcap sends it.
std::string EncodeSyncMessage(const SyncMessage& message);

// Parses the bytes of the sync pipe, which may come in any pieces.
class SyncPipeParser {
 public:
  // Takes more bytes, and returns the messages that are complete with them.
  //
  // Errors: DATA_LOSS for bytes that aren't a message. dumpcap may also print
  // plain text there, for example if it doesn't know an option: nothing is
  // parsed after that, and the text is in stray_text().
  absl::StatusOr<std::vector<SyncMessage>> Take(absl::string_view bytes);

  // Whether the bytes so far end in the middle of a message.
  bool in_message() const { return !pending_.empty(); }

  // At most 8 KiB of the text that isn't a message.
  const std::string& stray_text() const { return stray_text_; }

 private:
  std::string pending_;
  std::string stray_text_;
  bool broken_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_SYNC_PIPE_H_
