// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FIELD_DICTIONARY_H_
#define CORE_ENCODE_FIELD_DICTIONARY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd {

// The fields of one stream: gives each an id and defines it once.
class FieldDictionary {
 public:
  // Returns the field's id in this stream, never 0.
  uint32_t IdOf(const header_field_info* field) {
    const auto index = static_cast<size_t>(field->id);
    if (index < ids_.size() && ids_[index] != 0) return ids_[index];
    return Define(field);
  }

  // Appends FrameBatch.fields for the fields that are new since the last call.
  void AppendNewTo(std::string* out);

  size_t NewBytes() const { return new_definitions_.size(); }

 private:
  uint32_t Define(const header_field_info* field);

  // By libwireshark's number of the field; 0 where not defined yet.
  std::vector<uint32_t> ids_;
  uint32_t last_id_ = 0;
  std::string new_definitions_;
};

}  // namespace dissectd

#endif  // CORE_ENCODE_FIELD_DICTIONARY_H_
