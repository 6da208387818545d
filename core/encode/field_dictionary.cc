// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_dictionary.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "core/encode/field_message.h"
#include "core/encode/wire.h"
#include "core/epan/library.h"
#include "core/epan/public_numbers.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

std::string Definition(const header_field_info* field) {
  using Tag = schema::FieldDefinition;
  std::string definition;
  wire::AppendUint(&definition, Tag::kId, PublicId(field->id));
  wire::AppendBytes(&definition, Tag::kField, FieldMessage(field));
  return definition;
}

}  // namespace

void FieldDictionary::Use(const header_field_info* field) {
  const auto index = static_cast<size_t>(field->id);
  if (index >= used_in_.size()) {
    used_in_.resize(std::max(index + 1, used_in_.size() * 2));
  }
  used_in_[index] = batch_;
  used_.push_back(field);
}

UsedFields FieldDictionary::TakeUsed() {
  ++batch_;
  return std::exchange(used_, UsedFields());
}

size_t DefinedFields::MemoryBytes() {
  constexpr size_t kSlack = 1 << 16;
  return (FieldNumberLimit() + kSlack) / CHAR_BIT;
}

void DefinedFields::AppendNew(const UsedFields& used, std::string* out) {
  for (const header_field_info* field : used) {
    const auto index = static_cast<size_t>(field->id);
    // A field without a bit is defined repeatedly, which is harmless.
    const size_t place = index / CHAR_BIT;
    if (place < memory_.size()) {
      const auto bit = static_cast<uint8_t>(1u << index % CHAR_BIT);
      if ((memory_[place] & bit) != 0) continue;
      memory_[place] |= bit;
    }
    wire::AppendBytes(out, schema::FrameBatch::kFields, Definition(field));
  }
}

void DefinedFields::Clear() { std::fill(memory_.begin(), memory_.end(), 0); }

}  // namespace dissectd::engine
