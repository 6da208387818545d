// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_VALUE_BYTES_H_
#define CORE_EPAN_VALUE_BYTES_H_

#include <array>
#include <cstdint>
#include <cstring>

#include "core/epan/wireshark.h"

// Converts values that libwireshark keeps as numbers, and the API as bytes in
// network order.
namespace dissectd::engine {

inline void PutBigEndian(uint32_t value, int bytes, char* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(value >> shift);
  }
}

inline uint32_t GetBigEndian(const char* in, int bytes) {
  uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) {
    value = value << 8 | static_cast<uint8_t>(in[i]);
  }
  return value;
}

using GuidBytes = std::array<char, FT_GUID_LEN>;

inline GuidBytes BytesOfGuid(const e_guid_t& guid) {
  GuidBytes bytes;
  PutBigEndian(guid.data1, 4, bytes.data());
  PutBigEndian(guid.data2, 2, bytes.data() + 4);
  PutBigEndian(guid.data3, 2, bytes.data() + 6);
  std::memcpy(bytes.data() + 8, guid.data4, sizeof(guid.data4));
  return bytes;
}

// `bytes` must have FT_GUID_LEN bytes.
inline e_guid_t GuidOfBytes(const char* bytes) {
  e_guid_t guid = {};
  guid.data1 = GetBigEndian(bytes, 4);
  guid.data2 = static_cast<guint16>(GetBigEndian(bytes + 4, 2));
  guid.data3 = static_cast<guint16>(GetBigEndian(bytes + 6, 2));
  std::memcpy(guid.data4, bytes + 8, sizeof(guid.data4));
  return guid;
}

}  // namespace dissectd::engine

#endif  // CORE_EPAN_VALUE_BYTES_H_
