// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FRAME_BITS_H_
#define CORE_SESSION_FRAME_BITS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace dissectd::engine {

// A bit for each frame of a capture, from 1 on, lowest first.
class FrameBits {
 public:
  explicit FrameBits(uint32_t frames) : bytes_((frames + 7) / 8, '\0') {}

  void Set(uint32_t frame) {
    const size_t bit = frame - 1;
    bytes_[bit / 8] = static_cast<char>(static_cast<uint8_t>(bytes_[bit / 8]) |
                                        1u << (bit % 8));
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FRAME_BITS_H_
