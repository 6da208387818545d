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
  // Returns the field's id in the stream, never 0: libwireshark's number and
  // one, so that processes that share a stream need not agree on it.
  uint32_t IdOf(const header_field_info* field) {
    const auto index = static_cast<size_t>(field->id);
    if (index >= used_in_.size() || used_in_[index] != batch_) Use(field);
    return PublicId(field->id);
  }

  // Returns what was used since the last call.
  UsedFields TakeUsed();

 private:
  void Use(const header_field_info* field);

  // By libwireshark's number of the field: the last batch that used it.
  std::vector<uint32_t> used_in_;
  uint32_t batch_ = 1;
  UsedFields used_;
};

// Which fields a stream has defined, in memory that may be shared by the
// processes that write it, one at a time.
class DefinedFields {
 public:
  // Bytes of memory for all fields there are, and some that are registered
  // while a capture is dissected: a bit for each.
  static size_t MemoryBytes();

  // `memory` is all zeros at first; not owned, outlives this.
  explicit DefinedFields(absl::Span<uint8_t> memory) : memory_(memory) {}

  // Appends FrameBatch.fields for those of `used` that weren't defined yet.
  void AppendNew(const UsedFields& used, std::string* out);

  // Takes no field for defined any more.
  void Clear();

 private:
  absl::Span<uint8_t> memory_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FIELD_DICTIONARY_H_
