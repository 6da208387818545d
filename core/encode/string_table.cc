// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/string_table.h"

#include <cstring>
#include <utility>

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

using schema::RawString;

// A power of two, like all sizes of the table. It is small, as touching new
// pages of memory delays a worker's first answer.
constexpr size_t kFirstSlots = 1 << 8;

// Hashes eight bytes at a time, without a function call, as there are millions
// of strings and most are short. A client whose capture makes strings collide
// slows down only its own call.
uint32_t HashOf(absl::string_view text) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  uint64_t hash = text.size() * kMultiplier;
  while (text.size() >= sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data(), sizeof(word));
    hash = (hash ^ word) * kMultiplier;
    hash ^= hash >> 29;
    text.remove_prefix(sizeof(word));
  }
  uint64_t rest = 0;
  for (const char c : text) rest = rest << 8 | static_cast<uint8_t>(c);
  hash = (hash ^ rest) * kMultiplier;
  return static_cast<uint32_t>(hash >> 32);
}

}  // namespace

StringTable::StringTable(uint32_t strings_field, uint32_t raw_strings_field)
    : strings_field_(strings_field),
      raw_strings_field_(raw_strings_field),
      slots_(kFirstSlots) {
  Clear();
}

uint32_t StringTable::Add(absl::string_view text) {
  if (text.empty()) return 0;
  const uint32_t hash = HashOf(text);
  const size_t mask = slots_.size() - 1;
  size_t place = hash & mask;
  while (slots_[place].batch == batch_) {
    const Slot& slot = slots_[place];
    if (slot.hash == hash && slot.length == text.size() &&
        TextOf(slot) == text) {
      return slot.index;
    }
    place = (place + 1) & mask;
  }
  Fill(&slots_[place], hash, text);
  const uint32_t index = slots_[place].index;
  // Keeps the table at most half full.
  if (++used_ > slots_.size() / 2) Grow();
  return index;
}

void StringTable::Fill(Slot* slot, uint32_t hash, absl::string_view text) {
  slot->batch = batch_;
  slot->hash = hash;
  slot->index = next_index_++;
  slot->length = static_cast<uint32_t>(text.size());
  slot->exact = raw_strings_field_ != 0 && !IsValidUtf8(text);
  if (!slot->exact) {
    wire::AppendBytes(&encoded_, strings_field_, text);
    slot->offset = static_cast<uint32_t>(encoded_.size() - text.size());
    return;
  }
  slot->offset = static_cast<uint32_t>(exact_.size());
  exact_.append(text.data(), text.size());
  wire::AppendBytes(&encoded_, strings_field_, MakeValidUtf8(text));
  std::string raw;
  wire::AppendUint(&raw, RawString::kIndex, slot->index);
  wire::AppendBytes(&raw, RawString::kValue, text);
  wire::AppendBytes(&raw_, raw_strings_field_, raw);
}

void StringTable::Grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.batch != batch_) continue;
    size_t place = slot.hash & mask;
    while (larger[place].batch == batch_) place = (place + 1) & mask;
    larger[place] = slot;
  }
  slots_ = std::move(larger);
}

void StringTable::Clear() {
  encoded_.clear();
  raw_.clear();
  exact_.clear();
  wire::AppendBytes(&encoded_, strings_field_, "");  // Index 0.
  next_index_ = 1;
  used_ = 0;
  ++batch_;
}

}  // namespace dissectd::engine
