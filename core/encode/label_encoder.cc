// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/label_encoder.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

using schema::LabelForm;

// Bounds the memory for values that differ in every frame.
constexpr size_t kMaxKnown = 1 << 15;

// Returns the value as a number of up to 64 bits.
uint64_t NumberOf(const field_info& node) {
  switch (node.hfinfo->type) {
    case FT_ETHER: {
      uint64_t number = 0;
      std::memcpy(&number, BytesOf(ValueOf(node)).bytes.data(), FT_ETHER_LEN);
      return number;
    }
    case FT_BOOLEAN:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
      return Uint64Of(ValueOf(node));
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return static_cast<uint64_t>(Int64Of(ValueOf(node)));
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return static_cast<uint64_t>(int64_t{Int32Of(ValueOf(node))});
    default:
      return Uint32Of(ValueOf(node));
  }
}

bool IsNumberDisplay(int display) {
  return display == BASE_DEC || display == BASE_HEX ||
         display == BASE_DEC_HEX || display == BASE_HEX_DEC;
}

// Returns whether the number fits the field's type. Dissectors sometimes store
// larger numbers, and labels have all their digits.
bool FitsType(const field_info& node) {
  const uint32_t value = Uint32Of(ValueOf(node));
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

// Returns a hash of a field and a value.
size_t PlaceOf(int field, uint64_t value) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  return ((value * kMultiplier) ^ static_cast<uint64_t>(field)) * kMultiplier >>
         40;
}

// Returns whether a label has the text unchanged: no character is escaped, and
// nothing is cut off.
bool IsPlainText(const field_info& node) {
  const wmem_strbuf_t* text = TextOf(ValueOf(node));
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
  return BytesOf(ValueOf(node)).bytes.size() == FT_ETHER_LEN;
}

// Returns whether the time is regular, so that its label can be derived:
// dissectors sometimes store invalid times.
bool IsRegularTime(const field_info& node) {
  const nstime_t& time = TimeOf(ValueOf(node));
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

bool HasDigits(const header_field_info& field) {
  switch (field.type) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
      return IsNumberDisplay(FIELD_DISPLAY(field.display));
    default:
      return false;
  }
}

int HexDigits(ftenum_t type) {
  switch (type) {
    case FT_UINT8:
      return 2;
    case FT_UINT16:
      return 4;
    case FT_UINT24:
      return 6;
    default:
      return 8;
  }
}

char* PutDecimal(uint32_t value, char* out) {
  char digits[10];
  char* begin = digits + sizeof(digits);
  do {
    *--begin = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  return std::copy(begin, digits + sizeof(digits), out);
}

char* PutHexadecimal(uint32_t value, int digits, char* out) {
  *out++ = '0';
  *out++ = 'x';
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    *out++ = "0123456789abcdef"[value >> shift & 0xf];
  }
  return out;
}

// The longest number: both decimal and hexadecimal, with parentheses.
constexpr size_t kMaxNumberText = 10 + 2 + 10 + 1;

// Returns the number as text, as a derived label has it.
absl::string_view NumberText(const field_info& node, char* buffer) {
  const uint32_t value = Uint32Of(ValueOf(node));
  const int digits = HexDigits(node.hfinfo->type);
  char* end = buffer;
  switch (FIELD_DISPLAY(node.hfinfo->display)) {
    case BASE_HEX:
      end = PutHexadecimal(value, digits, end);
      break;
    case BASE_HEX_DEC:
      end = PutHexadecimal(value, digits, end);
      *end++ = ' ';
      *end++ = '(';
      end = PutDecimal(value, end);
      *end++ = ')';
      break;
    case BASE_DEC_HEX:
      end = PutDecimal(value, end);
      *end++ = ' ';
      *end++ = '(';
      end = PutHexadecimal(value, digits, end);
      *end++ = ')';
      break;
    default:
      end = PutDecimal(value, end);
      break;
  }
  return {buffer, static_cast<size_t>(end - buffer)};
}

// Returns the suffix of a dissector's label that begins with the derived label
// of the number; empty if it begins otherwise, or nothing follows.
absl::string_view SuffixOf(const field_info& node, size_t name_length,
                           absl::string_view label) {
  constexpr absl::string_view kSeparator = ": ";
  if (!FitsType(node) || label.size() <= name_length + kSeparator.size() ||
      label.substr(name_length, kSeparator.size()) != kSeparator ||
      std::memcmp(label.data(), node.hfinfo->name, name_length) != 0) {
    return {};
  }
  label.remove_prefix(name_length + kSeparator.size());
  char buffer[kMaxNumberText];
  const absl::string_view number = NumberText(node, buffer);
  if (label.substr(0, number.size()) != number) return {};
  return label.substr(number.size());
}

}  // namespace

LabelEncoder::Kind LabelEncoder::KindOf(const header_field_info& field) {
  switch (field.type) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
      if (field.strings == nullptr && field.bitmask == 0 &&
          IsNumberDisplay(field.display)) {
        return Kind::kDerivedNumber;
      }
      break;
    case FT_STRING:
    case FT_STRINGZ:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
    case FT_UINT_STRING:
      return (field.display & BASE_NO_DISPLAY_VALUE) != 0 ? Kind::kOther
                                                          : Kind::kDerivedText;
    case FT_NONE:
    case FT_PROTOCOL:
      return std::strlen(field.name) < ITEM_LABEL_LENGTH ? Kind::kDerived
                                                         : Kind::kOther;
    case FT_RELATIVE_TIME:
      return Kind::kDerivedTime;
    // Host names may become known at any time, so labels can change.
    case FT_IPv4:
    case FT_IPv6:
      return gbl_resolv_flags.network_name ? Kind::kOther : Kind::kDerived;
    case FT_ETHER:
      return gbl_resolv_flags.network_name ? Kind::kOther : Kind::kOfAddress;
    case FT_BOOLEAN:
      // For booleans, the display is a width.
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
  // A dissector's formatting function may depend on anything.
  return FIELD_DISPLAY(field.display) == BASE_CUSTOM ? Kind::kOther
                                                     : Kind::kOfNumber;
}

const LabelEncoder::FieldInfo& LabelEncoder::InfoOf(
    const header_field_info& field) {
  const auto index = static_cast<size_t>(field.id);
  if (index >= infos_.size()) {
    infos_.resize(std::max(index + 1, infos_.size() * 2));
  }
  FieldInfo& info = infos_[index];
  if (info.kind == Kind::kUnknown) {
    info.kind = KindOf(field);
    info.has_digits = HasDigits(field);
    info.name_length = static_cast<uint32_t>(std::strlen(field.name));
  }
  return info;
}

EncodedLabel LabelEncoder::Encode(field_info* node) {
  if (node->rep != nullptr) return EncodeCustom(*node);
  const auto derived_if = [&](bool derivable) -> EncodedLabel {
    if (derivable) return {LabelForm::kDerived, 0};
    return {LabelForm::kComputed, Write(node)};
  };
  switch (InfoOf(*node->hfinfo).kind) {
    case Kind::kDerived:
      return derived_if(true);
    case Kind::kDerivedNumber:
      return derived_if(FitsType(*node));
    case Kind::kDerivedTime:
      return derived_if(IsRegularTime(*node));
    case Kind::kDerivedText:
      return derived_if(IsPlainText(*node));
    case Kind::kOfAddress:
      if (!IsWholeAddress(*node)) return derived_if(false);
      return {LabelForm::kComputed, IndexOfNumber(node, NumberOf(*node))};
    case Kind::kOfNumber:
      return {LabelForm::kComputed, IndexOfNumber(node, NumberOf(*node))};
    default:
      return derived_if(false);
  }
}

EncodedLabel LabelEncoder::EncodeCustom(const field_info& node) {
  const absl::string_view label = node.rep->representation;
  const FieldInfo& info = InfoOf(*node.hfinfo);
  if (info.has_digits) {
    const absl::string_view suffix = SuffixOf(node, info.name_length, label);
    if (!suffix.empty()) return {LabelForm::kDerived, strings_->Add(suffix)};
  }
  return {LabelForm::kCustom, strings_->Add(label)};
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
