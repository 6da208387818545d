// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/field_value.h"

#include <cerrno>
#include <cinttypes>
#include <cstdint>

#include "core/epan/handles.h"
#include "core/epan/no_name_servers.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

// Returns the length of a value whose type has values of any length.
struct LengthGetter {
  size_t operator()(const wmem_strbuf_t* text) const {
    return text == nullptr ? 0 : wmem_strbuf_get_len(text);
  }
  size_t operator()(ByteValue value) const { return value.bytes.size(); }
  size_t operator()(ProtocolValue value) const {
    return BytesOfProtocol(value).size();
  }
  template <typename Other>
  size_t operator()(const Other&) const {
    return 0;
  }
};

// Returns a text that is an arbitrary value of the type.
const char* SomeLiteral(ftenum_t type) {
  switch (type) {
    case FT_ABSOLUTE_TIME:
      return "1970-01-01 00:00:00";
    case FT_IPv4:
      return "0.0.0.0";
    case FT_IPv6:
      return "::";
    case FT_GUID:
      return "00000000-0000-0000-0000-000000000000";
    case FT_OID:
    case FT_REL_OID:
      return "1.2.3";
    case FT_EUI64:
      return "00:00:00:00:00:00:00:00";
    default:
      // libwireshark 4.0 sometimes refuses "0" for medical floats.
      return "1";
  }
}

#if WIRESHARK_VERSION_MINOR == 0

fvalue_t* ValueFromLiteral(ftenum_t type, const std::string& text,
                           bool allow_partial, char** error) {
  return fvalue_from_literal(type, text.c_str(), allow_partial ? TRUE : FALSE,
                             error);
}

#else

// Returns the highest number of a type of unsigned numbers.
uint64_t HighestOf(ftenum_t type) {
  const size_t width = WidthOf(type);
  if (type == FT_BOOLEAN || width == 0 || width >= sizeof(uint64_t)) {
    return UINT64_MAX;
  }
  return (uint64_t{1} << (8 * width)) - 1;
}

bool TakesUnsigned(ftenum_t type) {
  return FT_IS_UINT(type) || type == FT_BOOLEAN || type == FT_IPXNET;
}

char* OutOfRange(const std::string& text) {
  return g_strdup_printf("\"%s\" is out of the range of this field.",
                         text.c_str());
}

fvalue_t* UnsignedValue(ftenum_t type, const std::string& text, uint64_t number,
                        char** error) {
  if (number > HighestOf(type)) {
    *error =
        g_strdup_printf("\"%s\" too big for this field, maximum %" PRIu64 ".",
                        text.c_str(), HighestOf(type));
    return nullptr;
  }
  fvalue_t* const value = fvalue_new(type);
  if (FT_IS_UINT32(type) || type == FT_IPXNET) {
    fvalue_set_uinteger(value, static_cast<uint32_t>(number));
  } else {
    fvalue_set_uinteger64(value, number);
  }
  return value;
}

fvalue_t* SignedValue(ftenum_t type, const std::string& text, int64_t number,
                      char** error) {
  const auto highest = static_cast<int64_t>(HighestOf(type) / 2);
  if (number > highest || number < -highest - 1) {
    *error = OutOfRange(text);
    return nullptr;
  }
  fvalue_t* const value = fvalue_new(type);
  if (FT_IS_INT32(type)) {
    fvalue_set_sinteger(value, static_cast<int32_t>(number));
  } else {
    fvalue_set_sinteger64(value, number);
  }
  return value;
}

// Returns a duration in seconds with at most nine decimals, or null if the text
// isn't one.
fvalue_t* DurationValue(const std::string& text) {
  constexpr size_t kDecimals = 9;
  const bool is_negative = text.front() == '-';
  const size_t point = text.find('.');
  std::string decimals =
      point == std::string::npos ? "" : text.substr(point + 1);
  if (decimals.size() > kDecimals ||
      decimals.find_first_not_of("0123456789") != std::string::npos) {
    return nullptr;
  }
  decimals.resize(kDecimals, '0');
  const std::string whole = text.substr(0, point);
  nstime_t time = {};
  char* stop = nullptr;
  errno = 0;
  time.secs = g_ascii_strtoll(whole.c_str(), &stop, 10);
  if (stop == whole.c_str() || *stop != '\0' || errno != 0) return nullptr;
  time.nsecs = static_cast<int>(g_ascii_strtoll(decimals.c_str(), nullptr, 10));
  if (is_negative) time.nsecs = -time.nsecs;
  fvalue_t* const value = fvalue_new(FT_RELATIVE_TIME);
  fvalue_set_time(value, &time);
  return value;
}

// Returns the value of a number, or null if the text isn't one or the type
// doesn't take it; sets `error` only in the second case.
fvalue_t* ValueFromNumber(ftenum_t type, const std::string& text,
                          char** error) {
  if (type == FT_RELATIVE_TIME) return DurationValue(text);
  const char* const begin = text.c_str();
  char* stop = nullptr;
  errno = 0;
  if (FT_IS_FLOATING(type)) {
    const double number = g_ascii_strtod(begin, &stop);
    if (*stop != '\0') return nullptr;
    fvalue_t* const value = fvalue_new(type);
    fvalue_set_floating(value, number);
    return value;
  }
  const bool is_negative = text.front() == '-';
  if (TakesUnsigned(type)) {
    const uint64_t number = g_ascii_strtoull(begin, &stop, 0);
    if (*stop != '\0') return nullptr;
    if (errno == 0 && !is_negative) {
      return UnsignedValue(type, text, number, error);
    }
  } else if (FT_IS_INT(type)) {
    const int64_t number = g_ascii_strtoll(begin, &stop, 0);
    if (*stop != '\0') return nullptr;
    if (errno == 0) return SignedValue(type, text, number, error);
  } else {
    return nullptr;
  }
  *error = OutOfRange(text);
  return nullptr;
}

// In 4.4, the compiler of filters reads numbers, by functions that aren't
// exported.
fvalue_t* ValueFromLiteral(ftenum_t type, const std::string& text,
                           bool allow_partial, char** error) {
  fvalue_t* const value =
      fvalue_from_literal(type, text.c_str(), allow_partial, error);
  if (value != nullptr || text.empty()) return value;
  char* error_of_number = nullptr;
  fvalue_t* const number = ValueFromNumber(type, text, &error_of_number);
  if (number == nullptr && error_of_number == nullptr) return nullptr;
  g_free(*error);
  *error = error_of_number;
  return number;
}

#endif

}  // namespace

void FieldValueDeleter::operator()(fvalue_t* value) const { FreeValue(value); }

FieldValuePtr ParseFieldValue(ftenum_t type, const std::string& text,
                              bool allow_partial, std::string* message) {
  const NoNameServers no_name_servers;
  char* error = nullptr;
  FieldValuePtr value(ValueFromLiteral(type, text, allow_partial, &error));
  const GCharPtr owned_error(error);
  if (value == nullptr) {
    *message = error == nullptr ? "This isn't a value of the type." : error;
  }
  return value;
}

FieldValuePtr MakeFieldValue(ftenum_t type) {
  if (type == FT_PROTOCOL) return nullptr;
  std::string message;
  return ParseFieldValue(type, SomeLiteral(type), /*allow_partial=*/true,
                         &message);
}

std::optional<std::string> FormatFieldValue(const fvalue_t& value,
                                            ftrepr_t representation,
                                            int display) {
  const WmemCharPtr text(
      fvalue_to_string_repr(nullptr, &value, representation, display));
  if (text == nullptr) return std::nullopt;
  return text.get();
}

absl::string_view BytesOfProtocol(ProtocolValue value) {
  tvbuff_t* const bytes = ProtocolBytesOf(*value.value);
  if (bytes == nullptr) return "";
  const auto length = static_cast<int>(tvb_captured_length(bytes));
  if (length == 0) return "";
  return {reinterpret_cast<const char*>(tvb_get_ptr(bytes, 0, length)),
          static_cast<size_t>(length)};
}

size_t WidthOf(ftenum_t type) {
  switch (type) {
    case FT_CHAR:
    case FT_UINT8:
    case FT_INT8:
      return 1;
    case FT_UINT16:
    case FT_INT16:
    case FT_IEEE_11073_SFLOAT:
      return 2;
    case FT_UINT24:
    case FT_INT24:
      return 3;
    case FT_UINT32:
    case FT_INT32:
    case FT_FRAMENUM:
    case FT_IEEE_11073_FLOAT:
    case FT_FLOAT:
      return 4;
    case FT_UINT40:
    case FT_INT40:
      return 5;
    case FT_UINT48:
    case FT_INT48:
      return 6;
    case FT_UINT56:
    case FT_INT56:
      return 7;
    case FT_UINT64:
    case FT_INT64:
    case FT_DOUBLE:
      return 8;
    case FT_ETHER:
      return FT_ETHER_LEN;
    case FT_IPv4:
      return FT_IPv4_LEN;
    case FT_IPv6:
      return FT_IPv6_LEN;
    case FT_IPXNET:
      return FT_IPXNET_LEN;
    case FT_GUID:
      return FT_GUID_LEN;
    case FT_EUI64:
      return FT_EUI64_LEN;
    case FT_AX25:
      return kAx25IsText ? 0 : FT_AX25_ADDR_LEN;
    case FT_VINES:
      return FT_VINES_ADDR_LEN;
    case FT_FCWWN:
      return FT_FCWWN_LEN;
    default:
      return 0;
  }
}

size_t LengthOf(const fvalue_t& value, ftenum_t type) {
  const size_t own = VisitValue(value, type, LengthGetter());
  return own > 0 ? own : WidthOf(type);
}

}  // namespace dissectd::engine
