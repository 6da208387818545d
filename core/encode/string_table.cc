// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/string_table.h"

#include "core/base/utf8.h"
#include "core/encode/wire.h"

namespace dissectd {
namespace {

enum FrameBatchField : uint32_t { kStrings = 2, kRawStrings = 3 };
enum RawStringField : uint32_t { kIndex = 1, kValue = 2 };

}  // namespace

uint32_t StringTable::Add(absl::string_view text) {
  if (text.empty()) return 0;
  const auto found = indexes_.find(text);
  if (found != indexes_.end()) return found->second;
  const std::string& kept = texts_.emplace_back(text);
  const uint32_t index = next_index_++;
  indexes_.emplace(kept, index);
  if (IsValidUtf8(kept)) {
    wire::AppendBytes(&encoded_, kStrings, kept);
    return index;
  }
  wire::AppendBytes(&encoded_, kStrings, MakeValidUtf8(kept));
  std::string raw;
  wire::AppendUint(&raw, kIndex, index);
  wire::AppendBytes(&raw, kValue, kept);
  wire::AppendBytes(&raw_, kRawStrings, raw);
  return index;
}

void StringTable::AppendTo(std::string* out) const {
  out->append(encoded_);
  out->append(raw_);
}

void StringTable::Clear() {
  indexes_.clear();
  texts_.clear();
  encoded_.clear();
  raw_.clear();
  wire::AppendBytes(&encoded_, kStrings, "");  // Index 0.
  next_index_ = 1;
}

}  // namespace dissectd
