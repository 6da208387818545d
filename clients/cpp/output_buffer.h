// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_OUTPUT_BUFFER_H_
#define CLIENTS_CPP_OUTPUT_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "absl/strings/string_view.h"

namespace dissectd {

// A growing buffer that formatters append to. It never shrinks, so that a long
// stream settles on one allocation.
//
// Thread-compatible.
class OutputBuffer {
 public:
  OutputBuffer() = default;
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  void Append(char c) {
    if (size_ == capacity_) Grow(1);
    data_[size_++] = c;
  }

  void Append(absl::string_view text) {
    if (text.size() > capacity_ - size_) Grow(text.size());
    if (!text.empty()) {
      std::memcpy(data_.get() + size_, text.data(), text.size());
    }
    size_ += text.size();
  }

  void Append(size_t count, char c) {
    if (count > capacity_ - size_) Grow(count);
    std::memset(data_.get() + size_, c, count);
    size_ += count;
  }

  // Returns room for `count` bytes; Commit says how many of them were written.
  char* Reserve(size_t count) {
    if (count > capacity_ - size_) Grow(count);
    return data_.get() + size_;
  }
  void Commit(size_t count) { size_ += count; }

  // Appends a number in decimal.
  void AppendUnsigned(uint64_t value);
  void AppendSigned(int64_t value);

  // Appends a number in lower-case hexadecimal with leading zeros, `digits`
  // wide; higher digits are dropped.
  void AppendHex(uint64_t value, int digits);

  // Appends a number in upper-case hexadecimal without leading zeros.
  void AppendUpperHex(uint64_t value);

  // Appends two lower-case hexadecimal digits for each byte.
  void AppendHexBytes(absl::string_view bytes);

  // Appends the digits with `separator` between bytes.
  void AppendHexBytes(absl::string_view bytes, char separator);

  absl::string_view view() const { return {data_.get(), size_}; }
  size_t size() const { return size_; }
  void Truncate(size_t size) { size_ = size; }
  void Clear() { size_ = 0; }

 private:
  void Grow(size_t more);

  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_OUTPUT_BUFFER_H_
