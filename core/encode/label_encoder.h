// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_LABEL_ENCODER_H_
#define CORE_ENCODE_LABEL_ENCODER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/encode/string_table.h"
#include "core/epan/wireshark.h"

namespace dissectd {

// Labels of nodes as indexes into the strings of a batch. Writing labels is the
// largest cost after dissection itself, so as few as possible are written:
// plain ones not at all, as clients derive them, and those of numbers once for
// each value.
class LabelEncoder {
 public:
  // Of a label that is not sent: `name: value`, with the field's display name
  // and a number as its display says.
  static constexpr uint32_t kPlain = UINT32_MAX;

  // `strings` is not owned and outlives this.
  explicit LabelEncoder(StringTable* strings) : strings_(strings) {}

  // Returns an index, or kPlain.
  uint32_t IndexOf(field_info* node);

 private:
  enum class Kind : uint8_t {
    kUnknown = 0,
    // Derived by clients.
    kPlain,
    // Depends on the field and its value, a number, alone.
    kOfNumber,
    kOther,
  };
  struct Known {
    std::string label;
    // Where it is in the strings of that batch.
    uint32_t batch = 0;
    uint32_t index = 0;
  };

  static Kind KindOfField(const header_field_info& field);
  Kind KindOf(const header_field_info& field);
  uint32_t IndexOfNumber(field_info* node, uint64_t value);
  uint32_t Write(field_info* node);

  StringTable* strings_;
  // By libwireshark's number of the field.
  std::vector<Kind> kinds_;
  absl::flat_hash_map<std::pair<int, uint64_t>, Known> known_;
};

}  // namespace dissectd

#endif  // CORE_ENCODE_LABEL_ENCODER_H_
