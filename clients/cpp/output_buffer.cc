// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/output_buffer.h"

#include <algorithm>
#include <charconv>

namespace dissectd {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr size_t kFirstCapacity = 64 << 10;
// The length of the longest 64-bit number in decimal, with its sign.
constexpr size_t kMaxDecimal = 20;

}  // namespace

void OutputBuffer::Grow(size_t more) {
  const size_t capacity =
      std::max({kFirstCapacity, capacity_ * 2, size_ + more});
  std::unique_ptr<char[]> data(new char[capacity]);
  if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
  data_ = std::move(data);
  capacity_ = capacity;
}

void OutputBuffer::AppendUnsigned(uint64_t value) {
  char* begin = Reserve(kMaxDecimal);
  Commit(std::to_chars(begin, begin + kMaxDecimal, value).ptr - begin);
}

void OutputBuffer::AppendSigned(int64_t value) {
  char* begin = Reserve(kMaxDecimal);
  Commit(std::to_chars(begin, begin + kMaxDecimal, value).ptr - begin);
}

void OutputBuffer::AppendHex(uint64_t value, int digits) {
  char* out = Reserve(digits);
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = kHexDigits[value & 0xf];
    value >>= 4;
  }
  Commit(digits);
}

void OutputBuffer::AppendUpperHex(uint64_t value) {
  int digits = 1;
  while (digits < 16 && value >> (4 * digits) != 0) ++digits;
  char* out = Reserve(digits);
  for (int i = digits - 1; i >= 0; --i) {
    const char digit = kHexDigits[value & 0xf];
    out[i] = digit >= 'a' ? digit - 'a' + 'A' : digit;
    value >>= 4;
  }
  Commit(digits);
}

void OutputBuffer::AppendHexBytes(absl::string_view bytes) {
  char* out = Reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    *out++ = kHexDigits[byte >> 4];
    *out++ = kHexDigits[byte & 0xf];
  }
  Commit(bytes.size() * 2);
}

void OutputBuffer::AppendHexBytes(absl::string_view bytes, char separator) {
  if (bytes.empty()) return;
  char* out = Reserve(bytes.size() * 3);
  for (const unsigned char byte : bytes) {
    *out++ = kHexDigits[byte >> 4];
    *out++ = kHexDigits[byte & 0xf];
    *out++ = separator;
  }
  Commit(bytes.size() * 3 - 1);
}

}  // namespace dissectd
