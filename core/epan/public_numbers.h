// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PUBLIC_NUMBERS_H_
#define CORE_EPAN_PUBLIC_NUMBERS_H_

#include <cstdint>

#include "core/epan/wireshark.h"

// The numbers that dissectd.v1 has for what libwireshark numbers.
namespace dissectd::engine {

// The number of `type` in dissectd.v1.FieldType, which lists libwireshark 4.0's
// types in their order, after UNSPECIFIED. A test compares the names.
inline int32_t PublicFieldType(ftenum_t type) {
  return static_cast<int32_t>(type) + 1;
}

// The number of a field or protocol, which is never 0; and of -1, which stands
// for none, 0.
inline uint32_t PublicId(int id) { return static_cast<uint32_t>(id + 1); }

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PUBLIC_NUMBERS_H_
