// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/frame_bitmap.h"

#include <algorithm>
#include <bitset>

namespace dissectd::server {
namespace {

constexpr uint32_t kBitsPerByte = 8;
constexpr size_t kBlockBytes = 64;

}  // namespace

FrameBitmap::FrameBitmap(std::string bits, uint32_t frames)
    : bits_(std::move(bits)), frames_(frames) {
  bits_.resize((size_t{frames} + kBitsPerByte - 1) / kBitsPerByte);
  if (frames % kBitsPerByte != 0) {
    const auto last = static_cast<unsigned char>(bits_.back());
    const uint32_t used = (1u << frames % kBitsPerByte) - 1;
    bits_.back() = static_cast<char>(last & used);
  }
  uint32_t count = 0;
  for (size_t byte = 0; byte < bits_.size(); ++byte) {
    if (byte % kBlockBytes == 0) before_.push_back(count);
    count += CountInByte(byte);
  }
  before_.push_back(count);
}

uint32_t FrameBitmap::CountInByte(size_t byte) const {
  return static_cast<uint32_t>(
      std::bitset<kBitsPerByte>(static_cast<unsigned char>(bits_[byte]))
          .count());
}

bool FrameBitmap::Has(uint32_t frame) const {
  if (frame == 0 || frame > frames_) return false;
  const uint32_t bit = frame - 1;
  const auto byte = static_cast<unsigned char>(bits_[bit / kBitsPerByte]);
  return (byte >> bit % kBitsPerByte & 1u) != 0;
}

uint32_t FrameBitmap::CountBefore(uint32_t frame) const {
  if (frame == 0) return 0;
  if (frame > frames_) return count();
  const size_t end = (frame - 1) / kBitsPerByte;
  const size_t block = end / kBlockBytes;
  uint32_t result = before_[block];
  for (size_t byte = block * kBlockBytes; byte < end; ++byte) {
    result += CountInByte(byte);
  }
  for (auto other = static_cast<uint32_t>(end * kBitsPerByte + 1);
       other < frame; ++other) {
    if (Has(other)) ++result;
  }
  return result;
}

uint32_t FrameBitmap::At(uint32_t position) const {
  if (position >= count()) return 0;
  // The last block with at most `position` frames before it.
  const auto after = std::upper_bound(before_.begin(), before_.end(), position);
  const auto block = static_cast<size_t>(after - before_.begin()) - 1;
  uint32_t left = position - before_[block];
  size_t byte = block * kBlockBytes;
  while (CountInByte(byte) <= left) left -= CountInByte(byte++);
  auto frame = static_cast<uint32_t>(byte * kBitsPerByte + 1);
  while (!Has(frame) || left-- > 0) ++frame;
  return frame;
}

uint32_t FrameBitmap::Previous(uint32_t frame) const {
  const uint32_t before = CountBefore(frame);
  return before == 0 ? 0 : At(before - 1);
}

uint32_t FrameBitmap::Next(uint32_t frame) const {
  return At(CountBefore(frame) + (Has(frame) ? 1 : 0));
}

}  // namespace dissectd::server
