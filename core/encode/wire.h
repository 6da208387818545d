// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_WIRE_H_
#define CORE_ENCODE_WIRE_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

// Writes protobuf's wire format for messages that occur millions of times.
// protozero's writers check and move too much for that.
//
// Field numbers are given as the enums of the schema.
namespace dissectd::engine::wire {

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2 };

inline constexpr size_t kMaxVarintBytes = 10;

template <typename Field>
constexpr uint32_t Tag(Field field, WireType type) {
  return static_cast<uint32_t>(field) << 3 | type;
}

constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^
         static_cast<uint64_t>(value >> 63);
}

inline char* PutVarint(char* out, uint64_t value) {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

inline void AppendVarint(std::string* out, uint64_t value) {
  char buffer[kMaxVarintBytes];
  out->append(buffer, PutVarint(buffer, value) - buffer);
}

// Leaves out 0, proto3's default.
template <typename Field>
void AppendUint(std::string* out, Field field, uint64_t value) {
  if (value == 0) return;
  AppendVarint(out, Tag(field, kVarint));
  AppendVarint(out, value);
}

// Also writes 0, for members of a oneof and optional fields.
template <typename Field>
void AppendPresentUint(std::string* out, Field field, uint64_t value) {
  AppendVarint(out, Tag(field, kVarint));
  AppendVarint(out, value);
}

// Writes an int32 or int64, which are sign-extended to 64 bits.
template <typename Field>
void AppendInt(std::string* out, Field field, int64_t value) {
  AppendUint(out, field, static_cast<uint64_t>(value));
}

template <typename Field>
void AppendSint(std::string* out, Field field, int64_t value) {
  AppendUint(out, field, ZigZag(value));
}

template <typename Field>
void AppendBytes(std::string* out, Field field, absl::string_view bytes) {
  AppendVarint(out, Tag(field, kLengthDelimited));
  AppendVarint(out, bytes.size());
  out->append(bytes.data(), bytes.size());
}

// Leaves out an empty text.
template <typename Field>
void AppendText(std::string* out, Field field, absl::string_view text) {
  if (!text.empty()) AppendBytes(out, field, text);
}

}  // namespace dissectd::engine::wire

#endif  // CORE_ENCODE_WIRE_H_
