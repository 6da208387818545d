// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_PIPE_HEAD_H_
#define SERVER_CAPTURE_PIPE_HEAD_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// Holds back the first bytes of a client's packets until they are checked.
// dumpcap 4.0 reads the first block of a pcapng file into 2048 bytes, however
// long the block is, and so writes beyond them.
class PipeHead {
 public:
  // Takes the next bytes, and returns those that dumpcap may have. Errors:
  // PIPE_DATA_INVALID.
  absl::StatusOr<std::string> Take(absl::string_view bytes);

  // Returns the bytes that are still held back at the end of the packets.
  std::string Rest() { return std::exchange(held_, std::string()); }

 private:
  bool checked_ = false;
  std::string held_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_PIPE_HEAD_H_
