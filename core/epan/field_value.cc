// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/field_value.h"

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
    default:
      // libwireshark 4.0 sometimes refuses "0" for medical floats.
      return "1";
  }
}

}  // namespace

void FieldValueDeleter::operator()(fvalue_t* value) const { FreeValue(value); }

FieldValuePtr ParseFieldValue(ftenum_t type, const std::string& text,
                              bool allow_partial, std::string* message) {
  const NoNameServers no_name_servers;
  char* error = nullptr;
  FieldValuePtr value(
      fvalue_from_literal(type, text.c_str(), allow_partial, &error));
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
