// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/node_encoder.h"

#include <cstring>

#include "core/encode/wire.h"

namespace dissectd {
namespace {

using wire::PutVarint;
using wire::Tag;

enum NodeField : uint32_t {
  kField = 1,
  kDepth,
  kFlags,
  kSource,
  kStart,
  kLength,
  kLabel,
  kUnsigned,
  kSigned,
  kDouble,
  kString,
  kBytes,
  kTime,
  kExpertGroup,
};
enum TimeField : uint32_t { kSeconds = 1, kNanos = 2 };

// dissectd.v1.NodeFlag.
constexpr uint32_t kFlagHidden = 1;
constexpr uint32_t kFlagGenerated = 2;
constexpr uint32_t kFlagUrl = 4;
constexpr uint32_t kFlagPlainLabel = 8;
constexpr uint32_t kFlagText = 128;
constexpr uint32_t kFlagChildrenOmitted = 256;
constexpr uint32_t kFlagUnlistedSource = 512;
// dissectd.v1.NodeFlag's NODE_FLAG_SEVERITY_COMMENT and so on.
constexpr uint32_t kSeverityComment = 16;
constexpr uint32_t kSeverityChat = 32;
constexpr uint32_t kSeverityNote = 48;
constexpr uint32_t kSeverityWarning = 64;
constexpr uint32_t kSeverityError = 80;
constexpr int kExpertGroupShift = 24;

// Room for all of a node but the bytes of a long value: 14 fields of at most a
// tag of one byte and a varint of ten.
constexpr size_t kMaxNodeBytes = 14 * (1 + wire::kMaxVarintBytes);
// Of the tag and the length before them.
constexpr size_t kMaxHeaderBytes = 2 * wire::kMaxVarintBytes;
// From here on a length has more than one byte.
constexpr size_t kMaxShortLength = 0x80;

char* PutUint(char* out, uint32_t field, uint64_t value) {
  if (value == 0) return out;  // proto3's default.
  *out++ = static_cast<char>(Tag(field, wire::kVarint));
  return PutVarint(out, value);
}

// A value is a member of a oneof, so it is written even if it is 0.
char* PutValueVarint(char* out, uint32_t field, uint64_t value) {
  *out++ = static_cast<char>(Tag(field, wire::kVarint));
  return PutVarint(out, value);
}

char* PutDouble(char* out, uint32_t field, double value) {
  *out++ = static_cast<char>(Tag(field, wire::kFixed64));
  std::memcpy(out, &value, sizeof(value));
  return out + sizeof(value);
}

char* PutTime(char* out, uint32_t field, const nstime_t& time) {
  char message[2 * (1 + wire::kMaxVarintBytes)];
  char* end = PutUint(message, kSeconds, wire::ZigZag(time.secs));
  end = PutUint(end, kNanos, wire::ZigZag(time.nsecs));
  const size_t size = static_cast<size_t>(end - message);
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = static_cast<char>(size);
  std::memcpy(out, message, size);
  return out + size;
}

char* PutGuid(char* out, uint32_t field, const e_guid_t& guid) {
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = 16;
  const auto put_big_endian = [&out](uint32_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      *out++ = static_cast<char>(value >> shift);
    }
  };
  put_big_endian(guid.data1, 4);
  put_big_endian(guid.data2, 2);
  put_big_endian(guid.data3, 2);
  std::memcpy(out, guid.data4, sizeof(guid.data4));
  return out + sizeof(guid.data4);
}

char* PutIpv4(char* out, uint32_t field, uint32_t address) {
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = 4;
  for (int shift = 24; shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(address >> shift);
  }
  return out;
}

// libwireshark's numbers of severities are neither dense nor regular.
uint32_t SeverityFlag(uint32_t flags) {
  switch (flags & PI_SEVERITY_MASK) {
    case PI_COMMENT:
      return kSeverityComment;
    case PI_CHAT:
      return kSeverityChat;
    case PI_NOTE:
      return kSeverityNote;
    case PI_WARN:
      return kSeverityWarning;
    case PI_ERROR:
      return kSeverityError;
    default:
      return 0;
  }
}

uint32_t FlagsOf(const field_info* node, const NodeContext& context) {
  uint32_t flags = SeverityFlag(node->flags);
  if (node->flags & FI_HIDDEN) flags |= kFlagHidden;
  if (node->flags & FI_GENERATED) flags |= kFlagGenerated;
  if (node->flags & FI_URL) flags |= kFlagUrl;
  if (node->hfinfo->id == hf_text_only) flags |= kFlagText;
  if (context.children_omitted) flags |= kFlagChildrenOmitted;
  if (context.source == 0 && node->ds_tvb != nullptr) {
    flags |= kFlagUnlistedSource;
  }
  return flags;
}

}  // namespace

char* NodeEncoder::PutValue(char* out, field_info* node) {
  fvalue_t* value = &node->value;
  switch (node->hfinfo->type) {
    case FT_NONE:
    case FT_PROTOCOL:
    case FT_NUM_TYPES:
      return out;
    case FT_CHAR:
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_FRAMENUM:
    case FT_IPXNET:
      return PutValueVarint(out, kUnsigned, value->value.uinteger);
    case FT_BOOLEAN:
    case FT_UINT40:
    case FT_UINT48:
    case FT_UINT56:
    case FT_UINT64:
    case FT_EUI64:
      return PutValueVarint(out, kUnsigned, value->value.uinteger64);
    case FT_IEEE_11073_SFLOAT:
      return PutValueVarint(out, kUnsigned, value->value.sfloat_ieee_11073);
    case FT_IEEE_11073_FLOAT:
      return PutValueVarint(out, kUnsigned, value->value.float_ieee_11073);
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return PutValueVarint(out, kSigned, wire::ZigZag(value->value.sinteger));
    case FT_INT40:
    case FT_INT48:
    case FT_INT56:
    case FT_INT64:
      return PutValueVarint(out, kSigned,
                            wire::ZigZag(value->value.sinteger64));
    case FT_FLOAT:
    case FT_DOUBLE:
      return PutDouble(out, kDouble, value->value.floating);
    case FT_ABSOLUTE_TIME:
    case FT_RELATIVE_TIME:
      return PutTime(out, kTime, value->value.time);
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC: {
      const wmem_strbuf_t* text = value->value.strbuf;
      if (text == nullptr) return PutValueVarint(out, kString, 0);
      return PutValueVarint(out, kString,
                            strings_->Add({wmem_strbuf_get_str(text),
                                           wmem_strbuf_get_len(text)}));
    }
    case FT_IPv4:
      return PutIpv4(out, kBytes, value->value.ipv4.addr);
    case FT_IPv6:
      long_value_ = value->value.ipv6.addr.bytes;
      long_value_size_ = sizeof(value->value.ipv6.addr.bytes);
      return out;
    case FT_GUID:
      return PutGuid(out, kBytes, value->value.guid);
    case FT_ETHER:
    case FT_BYTES:
    case FT_UINT_BYTES:
    case FT_OID:
    case FT_REL_OID:
    case FT_AX25:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      if (value->value.bytes == nullptr) return out;
      long_value_ = value->value.bytes->data;
      long_value_size_ = value->value.bytes->len;
      // An empty array has no memory, but is a value all the same.
      if (long_value_ == nullptr) long_value_ = "";
      return out;
  }
  return out;
}

void NodeEncoder::Append(uint32_t field, field_info* node,
                         const NodeContext& context, std::string* out) {
  long_value_ = nullptr;
  uint32_t label = context.label ? labels_.IndexOf(node) : 0;
  uint32_t flags = FlagsOf(node, context);
  if (label == LabelEncoder::kPlain) {
    label = 0;
    flags |= kFlagPlainLabel;
  }
  // Written in place, as nodes are too short and too many to be copied.
  const size_t before = out->size();
  out->resize(before + kMaxHeaderBytes + kMaxNodeBytes);
  char* const begin = out->data() + before;
  char* const length = PutVarint(begin, Tag(field, wire::kLengthDelimited));
  char* body = length + 1;
  char* end = PutUint(body, kField, fields_->IdOf(node->hfinfo));
  end = PutUint(end, kDepth, context.depth);
  end = PutUint(end, kFlags, flags);
  end = PutUint(end, kSource, context.source);
  // Sign-extended to 64 bits, as protobuf has int32.
  end = PutUint(end, kStart, static_cast<uint64_t>(int64_t{node->start}));
  end = PutUint(end, kLength, static_cast<uint64_t>(int64_t{node->length}));
  end = PutUint(end, kLabel, label);
  end = PutValue(end, node);
  end = PutUint(end, kExpertGroup, node->flags >> kExpertGroupShift);
  size_t size = static_cast<size_t>(end - body);
  if (long_value_ != nullptr) {
    *end++ = static_cast<char>(Tag(kBytes, wire::kLengthDelimited));
    end = PutVarint(end, long_value_size_);
    size = static_cast<size_t>(end - body) + long_value_size_;
  }
  if (size < kMaxShortLength) {
    *length = static_cast<char>(size);
  } else {
    // The length takes more than the byte that was left for it.
    const size_t written = static_cast<size_t>(end - body);
    char varint[wire::kMaxVarintBytes];
    const size_t varint_size =
        static_cast<size_t>(PutVarint(varint, size) - varint);
    body = length + varint_size;
    std::memmove(body, length + 1, written);
    std::memcpy(length, varint, varint_size);
    end = body + written;
  }
  out->resize(static_cast<size_t>(end - out->data()));
  if (long_value_ != nullptr) {
    out->append(static_cast<const char*>(long_value_), long_value_size_);
  }
}

}  // namespace dissectd
