// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FIELD_DICTIONARY_H_
#define CORE_ENCODE_FIELD_DICTIONARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Fields that a batch uses, in the order of their first use.
using UsedFields = std::vector<const header_field_info*>;

// The fields that the batch being built uses.
class FieldDictionary {
 public:
  // Returns the field's id in the stream, which is never 0: libwireshark's
  // number plus 1, so that processes that share a stream use the same ids.
  uint32_t IdOf(const header_field_info* field) {
    const auto index = static_cast<size_t>(field->id);
    if (index >= used_in_.size() || used_in_[index] != batch_) Use(field);
    return PublicId(field->id);
  }

  // Returns the fields used since the last call.
  UsedFields TakeUsed();

 private:
  void Use(const header_field_info* field);

  // The last batch that used each field, by libwireshark's number of the field.
  std::vector<uint32_t> used_in_;
  uint32_t batch_ = 1;
  UsedFields used_;
};

// Records which fields a stream has defined, in memory that may be shared by
// the processes that write the stream, one at a time.
class DefinedFields {
 public:
  // The size of the memory in bytes: a bit for each field, including some that
  // may be registered while a capture is dissected.
  static size_t MemoryBytes();

  // `memory` must be zeroed. Not owned; outlives this.
  explicit DefinedFields(absl::Span<uint8_t> memory) : memory_(memory) {}

  // Appends FrameBatch.fields for those fields in `used` that aren't defined
  // yet.
  void AppendNew(const UsedFields& used, std::string* out);

  // Marks all fields as undefined.
  void Clear();

 private:
  absl::Span<uint8_t> memory_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FIELD_DICTIONARY_H_
