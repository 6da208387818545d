// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/node_encoder.h"

#include <cstring>

#include "core/encode/wire.h"
#include "core/epan/value_bytes.h"
#include "core/epan/value_visitor.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

using wire::PutVarint;
using wire::Tag;

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

template <typename Field>
char* PutUint(char* out, Field field, uint64_t value) {
  if (value == 0) return out;  // proto3's default.
  *out++ = static_cast<char>(Tag(field, wire::kVarint));
  return PutVarint(out, value);
}

// A value is a member of a oneof, so it is written even if it is 0.
char* PutValueVarint(char* out, schema::Node field, uint64_t value) {
  *out++ = static_cast<char>(Tag(field, wire::kVarint));
  return PutVarint(out, value);
}

char* PutDouble(char* out, schema::Node field, double value) {
  *out++ = static_cast<char>(Tag(field, wire::kFixed64));
  std::memcpy(out, &value, sizeof(value));
  return out + sizeof(value);
}

char* PutTime(char* out, schema::Node field, const nstime_t& time) {
  char message[2 * (1 + wire::kMaxVarintBytes)];
  char* end =
      PutUint(message, schema::TimeValue::kSeconds, wire::ZigZag(time.secs));
  end = PutUint(end, schema::TimeValue::kNanos, wire::ZigZag(time.nsecs));
  const size_t size = static_cast<size_t>(end - message);
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = static_cast<char>(size);
  std::memcpy(out, message, size);
  return out + size;
}

char* PutGuid(char* out, schema::Node field, const e_guid_t& guid) {
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = FT_GUID_LEN;
  const GuidBytes bytes = BytesOfGuid(guid);
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

char* PutIpv4(char* out, schema::Node field, uint32_t address) {
  *out++ = static_cast<char>(Tag(field, wire::kLengthDelimited));
  *out++ = FT_IPv4_LEN;
  PutBigEndian(address, FT_IPv4_LEN, out);
  return out + FT_IPv4_LEN;
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

// Writes each kind of value into `out`; long ones are only noted.
class NodeEncoder::ValueWriter {
 public:
  ValueWriter(NodeEncoder* node, char* out) : node_(node), out_(out) {}

  char* operator()(NoValue) { return out_; }
  char* operator()(const protocol_value_t&) { return out_; }
  char* operator()(guint16 value) {
    return PutValueVarint(out_, schema::Node::kUnsignedValue, value);
  }
  char* operator()(guint32 value) {
    return PutValueVarint(out_, schema::Node::kUnsignedValue, value);
  }
  char* operator()(guint64 value) {
    return PutValueVarint(out_, schema::Node::kUnsignedValue, value);
  }
  char* operator()(gint32 value) {
    return PutValueVarint(out_, schema::Node::kSignedValue,
                          wire::ZigZag(value));
  }
  char* operator()(gint64 value) {
    return PutValueVarint(out_, schema::Node::kSignedValue,
                          wire::ZigZag(value));
  }
  char* operator()(gdouble value) {
    return PutDouble(out_, schema::Node::kDoubleValue, value);
  }
  char* operator()(const nstime_t& value) {
    return PutTime(out_, schema::Node::kTimeValue, value);
  }
  char* operator()(const wmem_strbuf_t* text) {
    if (text == nullptr)
      return PutValueVarint(out_, schema::Node::kStringValue, 0);
    return PutValueVarint(out_, schema::Node::kStringValue,
                          node_->strings_->Add({wmem_strbuf_get_str(text),
                                                wmem_strbuf_get_len(text)}));
  }
  char* operator()(const ipv4_addr_and_mask& value) {
    return PutIpv4(out_, schema::Node::kBytesValue, value.addr);
  }
  char* operator()(const ipv6_addr_and_prefix& value) {
    node_->long_value_ = value.addr.bytes;
    node_->long_value_size_ = sizeof(value.addr.bytes);
    return out_;
  }
  char* operator()(const e_guid_t& value) {
    return PutGuid(out_, schema::Node::kBytesValue, value);
  }
  char* operator()(const GByteArray* bytes) {
    if (bytes == nullptr) return out_;
    node_->long_value_ = bytes->data;
    node_->long_value_size_ = bytes->len;
    // An empty array has no memory, but is a value all the same.
    if (node_->long_value_ == nullptr) node_->long_value_ = "";
    return out_;
  }

 private:
  NodeEncoder* node_;
  char* out_;
};

char* NodeEncoder::PutValue(char* out, const field_info* node) {
  return VisitValue(node->value, node->hfinfo->type, ValueWriter(this, out));
}

void NodeEncoder::Append(schema::Frame field, field_info* node,
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
  char* end = PutUint(body, schema::Node::kField, fields_->IdOf(node->hfinfo));
  end = PutUint(end, schema::Node::kDepth, context.depth);
  end = PutUint(end, schema::Node::kFlags, flags);
  end = PutUint(end, schema::Node::kSource, context.source);
  // Sign-extended to 64 bits, as protobuf has int32.
  end = PutUint(end, schema::Node::kStart,
                static_cast<uint64_t>(int64_t{node->start}));
  end = PutUint(end, schema::Node::kLength,
                static_cast<uint64_t>(int64_t{node->length}));
  end = PutUint(end, schema::Node::kLabel, label);
  end = PutValue(end, node);
  end = PutUint(end, schema::Node::kExpertGroup,
                node->flags >> kExpertGroupShift);
  size_t size = static_cast<size_t>(end - body);
  if (long_value_ != nullptr) {
    *end++ = static_cast<char>(
        Tag(schema::Node::kBytesValue, wire::kLengthDelimited));
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

}  // namespace dissectd::engine
