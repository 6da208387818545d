// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FIELD_COUNT_H_
#define CORE_EPAN_FIELD_COUNT_H_

#include <cstdint>
#include <optional>

namespace dissectd::engine {

// The numbers of `tshark -G fieldcount`: those of dissectd.v1.FieldCount.
struct FieldCount {
  uint32_t registered = 0;
  uint32_t deregistered = 0;
  uint32_t protocols = 0;
  uint32_t same_name = 0;
  uint32_t preallocated = 0;
  uint32_t table_kib = 0;
  uint32_t fields_kib = 0;
};

// Counts the registered fields. Returns nothing if libwireshark reports other
// numbers than these.
std::optional<FieldCount> CountFields();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FIELD_COUNT_H_
