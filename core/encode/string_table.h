// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_STRING_TABLE_H_
#define CORE_ENCODE_STRING_TABLE_H_

#include <cstdint>
#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace dissectd {

// The strings of one FrameBatch, each kept and sent once. Labels repeat so
// often that this is smaller and faster than sending them where they occur.
class StringTable {
 public:
  StringTable() { Clear(); }

  // Returns the index of `text`, which may have any bytes. The empty string is
  // always 0.
  uint32_t Add(absl::string_view text);

  // Appends FrameBatch.strings and FrameBatch.raw_strings.
  void AppendTo(std::string* out) const;

  // About as many bytes as AppendTo adds.
  size_t SizeBytes() const { return encoded_.size() + raw_.size(); }

  // Forgets all strings: a batch ends.
  void Clear();

 private:
  absl::flat_hash_map<absl::string_view, uint32_t> indexes_;
  // What the keys of indexes_ point into; a deque never moves its elements.
  std::deque<std::string> texts_;
  std::string encoded_;
  std::string raw_;
  uint32_t next_index_ = 0;
};

}  // namespace dissectd

#endif  // CORE_ENCODE_STRING_TABLE_H_
