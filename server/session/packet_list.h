// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_PACKET_LIST_H_
#define SERVER_SESSION_PACKET_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/ipc/query.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd::server {

// The lines of the frames of a packet list, from the first one on: compressed,
// as they come from the process that makes them.
class PacketList {
 public:
  // The lines of the frames of a range, compressed.
  struct Part {
    uint32_t first_frame;
    uint32_t last_frame;
    uint32_t line_bytes;
    std::string compressed;
  };

  // Once the lines have more than `max_bytes`, later ones aren't kept.
  explicit PacketList(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Takes a part of kind kHeader or kLines. Returns false if it is malformed.
  bool Add(const ipc::ListPart& part, absl::string_view bytes);
  // Begins again, for another process.
  void Clear();

  // Whether it has the lines of these frames, if they are in the list.
  bool Has(const std::vector<uint32_t>& frames) const;
  // Returns the frames, in this order, with columns and colouring rules;
  // nothing if a line is missing or malformed. The page ends early if the texts
  // of its columns have more than ipc::kMaxPageTextBytes. May take a
  // millisecond for each frame that is far from the others.
  std::optional<v1::ListFramesResponse> Page(
      const std::vector<uint32_t>& frames) const;

  // Whether a process adds lines.
  bool is_growing() const { return growing_; }
  void set_growing(bool growing) { growing_ = growing; }
  // Whether it gets no more lines.
  bool is_full() const { return given_up_ || bytes_ > max_bytes_; }
  // Called if the lines can't be made, or aren't wanted any more.
  void GiveUp() {
    Clear();
    given_up_ = true;
  }
  // The memory of this object.
  size_t bytes() const { return bytes_; }

 private:
  const Part* PartOf(uint32_t frame) const;

  const size_t max_bytes_;
  size_t bytes_ = 0;
  bool growing_ = false;
  bool given_up_ = false;
  v1::ListFramesResponse header_;
  // In the order of their frames, without gaps.
  std::vector<Part> parts_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_PACKET_LIST_H_
