// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/value_text.h"

#include <cfloat>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "clients/cpp/address_text.h"
#include "clients/cpp/number_text.h"
#include "clients/cpp/time_text.h"

namespace dissectd {
namespace {

void AppendUnsignedValue(const Field& field, uint64_t value,
                         OutputBuffer* out) {
  const int digits = HexDigits(field.type);
  // Long integers are decimal if the display has any flag.
  const bool hexadecimal = (field.display == v1::FIELD_DISPLAY_HEX ||
                            field.display == v1::FIELD_DISPLAY_HEX_DEC) &&
                           (digits < 16 || field.display_flags == 0);
  if (hexadecimal) {
    out->Append("0x");
    out->AppendHex(value, digits);
  } else {
    out->AppendUnsigned(value);
  }
}

char ByteSeparator(v1::FieldDisplay display) {
  switch (display) {
    case v1::FIELD_DISPLAY_SEP_DOT:
      return '.';
    case v1::FIELD_DISPLAY_SEP_DASH:
      return '-';
    default:
      return ':';
  }
}

void AppendString(absl::string_view text, OutputBuffer* out) {
  for (size_t null = text.find('\0'); null != absl::string_view::npos;
       null = text.find('\0')) {
    out->Append(text.substr(0, null));
    out->Append("\\0");
    text.remove_prefix(null + 1);
  }
  out->Append(text);
}

}  // namespace

int HexDigits(v1::FieldType type) {
  switch (type) {
    case v1::FIELD_TYPE_UINT8:
      return 2;
    case v1::FIELD_TYPE_UINT16:
      return 4;
    case v1::FIELD_TYPE_UINT24:
      return 6;
    case v1::FIELD_TYPE_UINT40:
    case v1::FIELD_TYPE_UINT48:
    case v1::FIELD_TYPE_UINT56:
    case v1::FIELD_TYPE_UINT64:
      return 16;
    default:
      return 8;
  }
}

void AppendValueText(const Node& node, OutputBuffer* out) {
  const Field& field = *node.field;
  switch (field.type) {
    case v1::FIELD_TYPE_BOOLEAN:
      out->Append(node.unsigned_value != 0 ? '1' : '0');
      break;
    case v1::FIELD_TYPE_CHAR:
      AppendCharacter(
          node.unsigned_value,
          field.display == v1::FIELD_DISPLAY_HEX && field.display_flags == 0,
          out);
      break;
    case v1::FIELD_TYPE_UINT8:
    case v1::FIELD_TYPE_UINT16:
    case v1::FIELD_TYPE_UINT24:
    case v1::FIELD_TYPE_UINT32:
    case v1::FIELD_TYPE_UINT40:
    case v1::FIELD_TYPE_UINT48:
    case v1::FIELD_TYPE_UINT56:
    case v1::FIELD_TYPE_UINT64:
    case v1::FIELD_TYPE_FRAMENUM:
      AppendUnsignedValue(field, node.unsigned_value, out);
      break;
    case v1::FIELD_TYPE_INT8:
    case v1::FIELD_TYPE_INT16:
    case v1::FIELD_TYPE_INT24:
    case v1::FIELD_TYPE_INT32:
    case v1::FIELD_TYPE_INT40:
    case v1::FIELD_TYPE_INT48:
    case v1::FIELD_TYPE_INT56:
    case v1::FIELD_TYPE_INT64:
      out->AppendSigned(node.signed_value);
      break;
    case v1::FIELD_TYPE_IEEE_11073_SFLOAT:
      AppendIeee11073Short(static_cast<uint16_t>(node.unsigned_value), out);
      break;
    case v1::FIELD_TYPE_IEEE_11073_FLOAT:
      AppendIeee11073(static_cast<uint32_t>(node.unsigned_value), out);
      break;
    case v1::FIELD_TYPE_FLOAT:
      AppendFloating(node.double_value, FLT_DIG, out);
      break;
    case v1::FIELD_TYPE_DOUBLE:
      AppendFloating(node.double_value, DBL_DIG, out);
      break;
    case v1::FIELD_TYPE_ABSOLUTE_TIME:
      AppendAbsoluteTime(field.display, node.seconds, node.nanos, out);
      break;
    case v1::FIELD_TYPE_RELATIVE_TIME:
      AppendRelativeTime(node.seconds, node.nanos, out);
      break;
    case v1::FIELD_TYPE_STRING:
    case v1::FIELD_TYPE_STRINGZ:
    case v1::FIELD_TYPE_UINT_STRING:
    case v1::FIELD_TYPE_STRINGZPAD:
    case v1::FIELD_TYPE_STRINGZTRUNC:
      AppendString(node.text, out);
      break;
    case v1::FIELD_TYPE_ETHER:
    case v1::FIELD_TYPE_BYTES:
    case v1::FIELD_TYPE_UINT_BYTES:
    case v1::FIELD_TYPE_AX25:
    case v1::FIELD_TYPE_VINES:
    case v1::FIELD_TYPE_FCWWN:
      out->AppendHexBytes(node.text, ByteSeparator(field.display));
      break;
    case v1::FIELD_TYPE_IPV4:
      AppendIpv4(node.text, out);
      break;
    case v1::FIELD_TYPE_IPV6:
      AppendIpv6(node.text, out);
      break;
    case v1::FIELD_TYPE_IPXNET:
      out->Append("0x");
      out->AppendHex(node.unsigned_value, 8);
      break;
    case v1::FIELD_TYPE_GUID:
      AppendGuid(node.text, out);
      break;
    case v1::FIELD_TYPE_OID:
      AppendObjectIdentifier(node.text, out);
      break;
    case v1::FIELD_TYPE_REL_OID:
      AppendRelativeObjectIdentifier(node.text, out);
      break;
    case v1::FIELD_TYPE_EUI64: {
      const uint64_t value = node.unsigned_value;
      for (int shift = 56; shift >= 0; shift -= 8) {
        out->AppendHex(value >> shift, 2);
        if (shift > 0) out->Append(':');
      }
      break;
    }
    case v1::FIELD_TYPE_SYSTEM_ID:
      AppendSystemId(node.text, out);
      break;
    default:
      break;
  }
}

std::string ValueText(const Node& node) {
  OutputBuffer text;
  AppendValueText(node, &text);
  return std::string(text.view());
}

std::string ValueText(const FrameView& frame, absl::string_view name) {
  const Node* const node = frame.Find(name);
  return node == nullptr ? std::string() : ValueText(*node);
}

void AppendMaskedValueHex(const Node& node, OutputBuffer* out) {
  switch (node.field->type) {
    case v1::FIELD_TYPE_INT8:
    case v1::FIELD_TYPE_INT16:
    case v1::FIELD_TYPE_INT24:
    case v1::FIELD_TYPE_INT32:
      out->AppendUpperHex(static_cast<uint32_t>(node.signed_value));
      break;
    case v1::FIELD_TYPE_INT40:
    case v1::FIELD_TYPE_INT48:
    case v1::FIELD_TYPE_INT56:
    case v1::FIELD_TYPE_INT64:
      out->AppendUpperHex(static_cast<uint64_t>(node.signed_value));
      break;
    default:
      out->AppendUpperHex(node.unsigned_value);
      break;
  }
}

}  // namespace dissectd
