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

namespace dissectd::engine {

// Labels of nodes as indexes into the strings of a batch. Writing labels is the
// largest cost after dissection itself, so as few as possible are written:
// plain ones not at all, as clients derive them, and those of numbers once for
// each value.
class LabelEncoder {
 public:
  // Of a label that is not sent, which NODE_FLAG_PLAIN_LABEL describes.
  static constexpr uint32_t kPlain = UINT32_MAX;

  // `strings` is not owned and outlives this.
  explicit LabelEncoder(StringTable* strings) : strings_(strings) {}

  // Returns an index, or kPlain.
  uint32_t IndexOf(field_info* node);

 private:
  // A power of two; all of it stays in a cache of the processor.
  static constexpr size_t kRecentPlaces = 1 << 12;

  enum class Kind : uint8_t {
    kUnknown = 0,
    // Derived by clients.
    kPlain,
    // The same, if the number is of the field's size.
    kPlainNumber,
    // The same, if the time is a regular one.
    kPlainTime,
    // The same, if the text is a plain one.
    kPlainText,
    // Depends on the field and its value, which fits 64 bits, alone.
    kOfNumber,
    // The same, if the address has all its bytes.
    kOfAddress,
    kOther,
  };
  struct Known {
    std::string label;
    // Where it is in the strings of that batch.
    uint32_t batch = 0;
    uint32_t index = 0;
  };

  // A label in the strings of a batch.
  struct Recent {
    uint64_t value = 0;
    int field = 0;
    // Never that of a batch at first.
    uint32_t batch = 0;
    uint32_t index = 0;
  };

  static Kind KindOfField(const header_field_info& field);
  Kind KindOf(const header_field_info& field);
  uint32_t IndexOfNumber(field_info* node, uint64_t value);
  uint32_t IndexOfKnown(field_info* node, uint64_t value);
  uint32_t Write(field_info* node);

  StringTable* strings_;
  // By libwireshark's number of the field.
  std::vector<Kind> kinds_;
  absl::flat_hash_map<std::pair<int, uint64_t>, Known> known_;
  // What was asked for lately, at places given by field and value. Empty until
  // then.
  std::vector<Recent> recent_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_LABEL_ENCODER_H_
