// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_VALUE_VISITOR_H_
#define CORE_EPAN_VALUE_VISITOR_H_

#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {

// Stands for the value of a type that has none.
struct NoValue {};

// The value of a protocol, whose bytes ProtocolBytesOf returns.
struct ProtocolValue {
  const fvalue_t* value;
};

// Calls `visit` with the content of `value`, which has the given type, or with
// NoValue. Returns the result of `visit`.
template <typename Visitor>
decltype(auto) VisitValue(const fvalue_t& value, ftenum_t type,
                          Visitor&& visit) {
  switch (type) {
    case FT_PROTOCOL:
      return visit(ProtocolValue{&value});
    case FT_CHAR:
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_FRAMENUM:
    case FT_IPXNET:
      return visit(Uint32Of(value));
    case FT_BOOLEAN:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
    case FT_EUI64:
      return visit(Uint64Of(value));
    case FT_IEEE_11073_SFLOAT:
      return visit(MedicalFloat16Of(value));
    case FT_IEEE_11073_FLOAT:
      return visit(MedicalFloat32Of(value));
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return visit(Int32Of(value));
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return visit(Int64Of(value));
    case FT_FLOAT:
    case FT_DOUBLE:
      return visit(DoubleOf(value));
    case FT_ABSOLUTE_TIME:
    case FT_RELATIVE_TIME:
      return visit(TimeOf(value));
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
      return visit(TextOf(value));
    case FT_IPv4:
      return visit(Ipv4Of(value));
    case FT_IPv6:
      return visit(Ipv6Of(value));
    case FT_GUID:
      return visit(GuidOf(value));
    case FT_ETHER:
    case FT_BYTES:
    case FT_UINT_BYTES:
    case FT_OID:
    case FT_REL_OID:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      return visit(BytesOf(value));
    case FT_AX25:
      if constexpr (kAx25IsText) {
        return visit(TextOf(value));
      } else {
        return visit(BytesOf(value));
      }
    // Types without values, and those that only libwireshark itself uses.
    default:
      return visit(NoValue());
  }
}

}  // namespace dissectd::engine

#endif  // CORE_EPAN_VALUE_VISITOR_H_
