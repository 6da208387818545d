// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/label_encoder.h"

#include <algorithm>
#include <cstring>

namespace dissectd::engine {
namespace {

// Values that differ in every frame must not fill the memory.
constexpr size_t kMaxKnown = 1 << 15;

// The value as a number of up to 64 bits.
uint64_t NumberOf(const field_info& node) {
  switch (node.hfinfo->type) {
    case FT_ETHER: {
      uint64_t number = 0;
      std::memcpy(&number, node.value.value.bytes->data, FT_ETHER_LEN);
      return number;
    }
    case FT_BOOLEAN:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
      return node.value.value.uinteger64;
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return static_cast<uint64_t>(node.value.value.sinteger64);
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return static_cast<uint64_t>(int64_t{node.value.value.sinteger});
    default:
      return node.value.value.uinteger;
  }
}

bool IsPlainDisplay(int display) {
  return display == BASE_DEC || display == BASE_HEX ||
         display == BASE_DEC_HEX || display == BASE_HEX_DEC;
}

// Dissectors do put larger numbers into fields of fewer bytes, and labels have
// all their digits.
bool FitsType(const field_info& node) {
  const uint32_t value = node.value.value.uinteger;
  switch (node.hfinfo->type) {
    case FT_UINT8:
      return value <= 0xff;
    case FT_UINT16:
      return value <= 0xffff;
    case FT_UINT24:
      return value <= 0xffffff;
    default:
      return true;
  }
}

// Spreads fields and values over all numbers.
size_t PlaceOf(int field, uint64_t value) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  return ((value * kMultiplier) ^ static_cast<uint64_t>(field)) * kMultiplier >>
         40;
}

// Whether a label has the text as it is: no character is escaped, and nothing
// is cut off.
bool IsPlainText(const field_info& node) {
  const wmem_strbuf_t* text = node.value.value.strbuf;
  if (text == nullptr) return false;
  const size_t length = wmem_strbuf_get_len(text);
  constexpr size_t kSeparator = 2;
  if (length + kSeparator >= ITEM_LABEL_LENGTH ||
      std::strlen(node.hfinfo->name) >=
          ITEM_LABEL_LENGTH - kSeparator - length) {
    return false;
  }
  const char* characters = wmem_strbuf_get_str(text);
  return std::all_of(characters, characters + length,
                     [](char c) { return c >= ' ' && c <= '~' && c != '\\'; });
}

bool IsWholeAddress(const field_info& node) {
  const GByteArray* bytes = node.value.value.bytes;
  return bytes != nullptr && bytes->len == FT_ETHER_LEN;
}

// Whether a label has the time as its parts say: dissectors do put what is no
// time into such fields.
bool IsPlainTime(const field_info& node) {
  const nstime_t& time = node.value.value.time;
  constexpr int64_t kMaxSeconds = 1'000'000'000'000;
  constexpr int64_t kNanosPerSecond = 1'000'000'000;
  const auto within = [](int64_t part, int64_t limit) {
    return -limit < part && part < limit;
  };
  const bool one_sign = (time.secs >= 0 && time.nsecs >= 0) ||
                        (time.secs <= 0 && time.nsecs <= 0);
  return one_sign && within(time.secs, kMaxSeconds) &&
         within(time.nsecs, kNanosPerSecond);
}

}  // namespace

LabelEncoder::Kind LabelEncoder::KindOfField(const header_field_info& field) {
  switch (field.type) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
      if (field.strings == nullptr && field.bitmask == 0 &&
          IsPlainDisplay(field.display)) {
        return Kind::kPlainNumber;
      }
      break;
    case FT_STRING:
    case FT_STRINGZ:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
    case FT_UINT_STRING:
      return Kind::kPlainText;
    case FT_RELATIVE_TIME:
      return Kind::kPlainTime;
    // Names of hosts may become known at any time.
    case FT_IPv4:
    case FT_IPv6:
      return gbl_resolv_flags.network_name ? Kind::kOther : Kind::kPlain;
    case FT_ETHER:
      return gbl_resolv_flags.network_name ? Kind::kOther : Kind::kOfAddress;
    case FT_BOOLEAN:
      // Its display is a width.
      return Kind::kOfNumber;
    case FT_CHAR:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      break;
    default:
      return Kind::kOther;
  }
  // A routine of the dissector may look at anything.
  return FIELD_DISPLAY(field.display) == BASE_CUSTOM ? Kind::kOther
                                                     : Kind::kOfNumber;
}

LabelEncoder::Kind LabelEncoder::KindOf(const header_field_info& field) {
  const auto index = static_cast<size_t>(field.id);
  if (index >= kinds_.size()) {
    kinds_.resize(std::max(index + 1, kinds_.size() * 2));
  }
  Kind& kind = kinds_[index];
  if (kind == Kind::kUnknown) kind = KindOfField(field);
  return kind;
}

uint32_t LabelEncoder::IndexOf(field_info* node) {
  if (node->rep != nullptr) return strings_->Add(node->rep->representation);
  switch (KindOf(*node->hfinfo)) {
    case Kind::kPlain:
      return kPlain;
    case Kind::kPlainNumber:
      return FitsType(*node) ? kPlain : Write(node);
    case Kind::kPlainTime:
      return IsPlainTime(*node) ? kPlain : Write(node);
    case Kind::kPlainText:
      return IsPlainText(*node) ? kPlain : Write(node);
    case Kind::kOfAddress:
      return IsWholeAddress(*node) ? IndexOfNumber(node, NumberOf(*node))
                                   : Write(node);
    case Kind::kOfNumber:
      return IndexOfNumber(node, NumberOf(*node));
    default:
      return Write(node);
  }
}

uint32_t LabelEncoder::IndexOfNumber(field_info* node, uint64_t value) {
  if (recent_.empty()) recent_.resize(kRecentPlaces);
  const int field = node->hfinfo->id;
  Recent& recent = recent_[PlaceOf(field, value) % kRecentPlaces];
  if (recent.batch != strings_->batch() || recent.field != field ||
      recent.value != value) {
    recent = {value, field, strings_->batch(), IndexOfKnown(node, value)};
  }
  return recent.index;
}

uint32_t LabelEncoder::IndexOfKnown(field_info* node, uint64_t value) {
  const std::pair<int, uint64_t> key(node->hfinfo->id, value);
  auto found = known_.find(key);
  if (found == known_.end()) {
    if (known_.size() >= kMaxKnown) known_.clear();
    char label[ITEM_LABEL_LENGTH];
    proto_item_fill_label(node, label);
    found = known_.emplace(key, Known{label}).first;
  }
  Known& known = found->second;
  if (known.batch != strings_->batch()) {
    known.batch = strings_->batch();
    known.index = strings_->Add(known.label);
  }
  return known.index;
}

uint32_t LabelEncoder::Write(field_info* node) {
  char label[ITEM_LABEL_LENGTH];
  proto_item_fill_label(node, label);
  return strings_->Add(label);
}

}  // namespace dissectd::engine
