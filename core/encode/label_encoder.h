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
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// A label as it is sent.
struct EncodedLabel {
  schema::LabelForm form = schema::LabelForm::kUnspecified;
  // The index of the label, or with kDerived of its suffix, in the strings of
  // the batch.
  uint32_t index = 0;
};

// Adds labels of nodes to the strings of a batch. Writing labels is the largest
// cost after dissection itself. So labels that clients can derive are not
// written, and labels of numbers are written once for each value.
class LabelEncoder {
 public:
  // `strings` is not owned and outlives this.
  explicit LabelEncoder(StringTable* strings) : strings_(strings) {}

  EncodedLabel Encode(field_info* node);

 private:
  // A power of two; small enough that the table stays in a processor cache.
  static constexpr size_t kRecentPlaces = 1 << 12;

  enum class Kind : uint8_t {
    kUnknown = 0,
    // Derived by clients.
    kDerived,
    // Derived if the number fits the field's type.
    kDerivedNumber,
    // Derived if the time is a regular one.
    kDerivedTime,
    // Derived if the text is a plain one.
    kDerivedText,
    // Depends only on the field and its value, which fits 64 bits.
    kOfNumber,
    // Like kOfNumber, if the address has all its bytes.
    kOfAddress,
    kOther,
  };
  // Cached information about a field.
  struct FieldInfo {
    Kind kind = Kind::kUnknown;
    // Whether its value is shown as digits, so that a dissector's label may
    // begin with a derived one.
    bool has_digits = false;
    uint32_t name_length = 0;
  };
  struct Known {
    std::string label;
    // The batch in whose strings the label is, and its index there.
    uint32_t batch = 0;
    uint32_t index = 0;
  };
  // A label in the strings of a batch.
  struct Recent {
    uint64_t value = 0;
    int field = 0;
    // The number of the batch, never 0.
    uint32_t batch = 0;
    uint32_t index = 0;
  };

  static Kind KindOf(const header_field_info& field);
  const FieldInfo& InfoOf(const header_field_info& field);
  EncodedLabel EncodeCustom(const field_info& node);
  uint32_t IndexOfNumber(field_info* node, uint64_t value);
  uint32_t IndexOfKnown(field_info* node, uint64_t value);
  uint32_t Write(field_info* node);

  StringTable* strings_;
  // Indexed by libwireshark's number of the field.
  std::vector<FieldInfo> infos_;
  absl::flat_hash_map<std::pair<int, uint64_t>, Known> known_;
  // Recently used labels, at places given by a hash of field and value. Empty
  // until the first one.
  std::vector<Recent> recent_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_LABEL_ENCODER_H_
