// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_STRING_TABLE_H_
#define CORE_ENCODE_STRING_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// The strings or byte strings of one batch, as repeated fields of its message.
// A string that is added again gets the same index. Strings are stored only in
// encoded form.
class StringTable {
 public:
  // A table of texts: the repeated fields for the texts in valid UTF-8, and for
  // the exact bytes (dissectd.v1.RawString) of those that are not.
  template <typename Field>
  StringTable(Field strings, Field raw_strings)
      : StringTable(static_cast<uint32_t>(strings),
                    static_cast<uint32_t>(raw_strings)) {}

  // A table of byte strings, in one repeated field.
  template <typename Field>
  explicit StringTable(Field byte_strings)
      : StringTable(static_cast<uint32_t>(byte_strings), 0u) {}

  StringTable(uint32_t strings_field, uint32_t raw_strings_field);

  // Returns the index of `text`, which may have any bytes. The empty string is
  // always 0.
  uint32_t Add(absl::string_view text);

  // The encoded fields; valid until the table changes.
  absl::string_view strings() const { return encoded_; }
  absl::string_view raw_strings() const { return raw_; }

  // The size of both fields.
  size_t SizeBytes() const { return encoded_.size() + raw_.size(); }

  // Removes all strings at the end of a batch.
  void Clear();

  // The number of the batch, which is never 0. Indexes are valid as long as it
  // stays the same.
  uint32_t batch() const { return batch_; }

 private:
  // An entry of a hash table with linear probing.
  struct Slot {
    // The batch of the entry. Entries of earlier batches are free.
    uint32_t batch = 0;
    uint32_t hash = 0;
    uint32_t index = 0;
    uint32_t length = 0;
    // The position of the text in exact_ or encoded_.
    uint32_t offset = 0;
    bool exact = false;
  };

  absl::string_view TextOf(const Slot& slot) const {
    const std::string& texts = slot.exact ? exact_ : encoded_;
    return {texts.data() + slot.offset, slot.length};
  }
  void Fill(Slot* slot, uint32_t hash, absl::string_view text);
  void Grow();

  const uint32_t strings_field_;
  // 0 in a table of byte strings.
  const uint32_t raw_strings_field_;
  std::vector<Slot> slots_;
  uint32_t used_ = 0;
  uint32_t batch_ = 0;
  uint32_t next_index_ = 0;
  std::string encoded_;
  std::string raw_;
  // The texts that are not valid UTF-8, one after the other.
  std::string exact_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_STRING_TABLE_H_
