// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_VALUE_VISITOR_H_
#define CORE_EPAN_VALUE_VISITOR_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Stands for the value of a type that has none.
struct NoValue {};

// Calls `visit` with the member of `value` that `type` uses, or with NoValue.
// Returns the result of `visit`. FValue is fvalue_t, const or not.
template <typename FValue, typename Visitor>
decltype(auto) VisitValue(FValue& value, ftenum_t type, Visitor&& visit) {
  switch (type) {
    case FT_NONE:
    case FT_NUM_TYPES:
      break;
    case FT_PROTOCOL:
      return visit(value.value.protocol);
    case FT_CHAR:
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_FRAMENUM:
    case FT_IPXNET:
      return visit(value.value.uinteger);
    case FT_BOOLEAN:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
    case FT_EUI64:
      return visit(value.value.uinteger64);
    case FT_IEEE_11073_SFLOAT:
      return visit(value.value.sfloat_ieee_11073);
    case FT_IEEE_11073_FLOAT:
      return visit(value.value.float_ieee_11073);
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return visit(value.value.sinteger);
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return visit(value.value.sinteger64);
    case FT_FLOAT:
    case FT_DOUBLE:
      return visit(value.value.floating);
    case FT_ABSOLUTE_TIME:
    case FT_RELATIVE_TIME:
      return visit(value.value.time);
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
      return visit(value.value.strbuf);
    case FT_IPv4:
      return visit(value.value.ipv4);
    case FT_IPv6:
      return visit(value.value.ipv6);
    case FT_GUID:
      return visit(value.value.guid);
    case FT_ETHER:
    case FT_BYTES:
    case FT_UINT_BYTES:
    case FT_OID:
    case FT_REL_OID:
    case FT_AX25:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      return visit(value.value.bytes);
  }
  return visit(NoValue());
}

}  // namespace dissectd::engine

#endif  // CORE_EPAN_VALUE_VISITOR_H_
