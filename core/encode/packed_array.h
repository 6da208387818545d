// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_PACKED_ARRAY_H_
#define CORE_ENCODE_PACKED_ARRAY_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"
#include "core/encode/wire.h"

namespace dissectd::engine {

// A packed repeated field under construction. Keeps its memory when cleared.
class PackedArray {
 public:
  void AddUint(uint64_t value) {
    Reserve(wire::kMaxVarintBytes);
    char* const end = buffer_.data() + size_;
    size_ += static_cast<size_t>(wire::PutVarint(end, value) - end);
  }

  void AddSint(int64_t value) { AddUint(wire::ZigZag(value)); }

  void AddDouble(double value) {
    Reserve(sizeof(value));
    std::memcpy(buffer_.data() + size_, &value, sizeof(value));
    size_ += sizeof(value);
  }

  absl::string_view bytes() const { return {buffer_.data(), size_}; }
  size_t SizeBytes() const { return size_; }
  void Clear() { size_ = 0; }

  // Appends the elements as `field` of a message, unless there are none, and
  // clears the array.
  template <typename Field>
  void MoveTo(Field field, std::string* message) {
    wire::AppendText(message, field, bytes());
    Clear();
  }

 private:
  void Reserve(size_t bytes) {
    if (size_ + bytes > buffer_.size()) {
      buffer_.resize(2 * (size_ + bytes));
    }
  }

  std::string buffer_;
  size_t size_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_PACKED_ARRAY_H_
