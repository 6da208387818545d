// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_FRAME_BITMAP_H_
#define SERVER_SESSION_FRAME_BITMAP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dissectd::server {

// The frames of a capture that pass a filter. Immutable.
class FrameBitmap {
 public:
  // `bits` has a bit for each of the frames from 1 to `frames`, lowest first.
  // Missing ones are 0, others are ignored.
  FrameBitmap(std::string bits, uint32_t frames);

  const std::string& bits() const { return bits_; }
  // Returns the number of frames that pass.
  uint32_t count() const { return before_.back(); }
  // The memory of this object.
  size_t bytes() const {
    return bits_.size() + before_.size() * sizeof(before_[0]);
  }

  bool Has(uint32_t frame) const;
  // Returns the number of frames before `frame` that pass.
  uint32_t CountBefore(uint32_t frame) const;
  // Returns the frame at a position among those that pass, from 0; 0 if there
  // is none.
  uint32_t At(uint32_t position) const;
  // Returns the nearest frame before or after `frame` that passes; 0 if there
  // is none.
  uint32_t Previous(uint32_t frame) const;
  uint32_t Next(uint32_t frame) const;

 private:
  uint32_t CountInByte(size_t byte) const;

  std::string bits_;
  uint32_t frames_;
  // The number of frames that pass before each block of bits, and of all.
  std::vector<uint32_t> before_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_FRAME_BITMAP_H_
