// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/value_message.h"

#include <climits>
#include <cstdint>
#include <cstring>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <utility>
#include <variant>

#include "absl/numeric/bits.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/epan/value_bytes.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kIpv4Bits = 32;
constexpr uint32_t kIpv6Bits = 128;
constexpr int kNanosPerSecond = 1'000'000'000;

class Writer {
 public:
  explicit Writer(std::string* message) : out_(*message) {}

  void operator()(NoValue) {}
  void operator()(guint16 value) {
    out_.add_uint64(schema::TypedValue::kUnsignedValue, value);
  }
  void operator()(guint32 value) {
    out_.add_uint64(schema::TypedValue::kUnsignedValue, value);
  }
  void operator()(guint64 value) {
    out_.add_uint64(schema::TypedValue::kUnsignedValue, value);
  }
  void operator()(gint32 value) {
    out_.add_sint64(schema::TypedValue::kSignedValue, value);
  }
  void operator()(gint64 value) {
    out_.add_sint64(schema::TypedValue::kSignedValue, value);
  }
  void operator()(gdouble value) {
    out_.add_double(schema::TypedValue::kDoubleValue, value);
  }
  void operator()(const wmem_strbuf_t* text) {
    out_.add_string(schema::TypedValue::kStringValue,
                    text == nullptr
                        ? ""
                        : MakeValidUtf8({wmem_strbuf_get_str(text),
                                         wmem_strbuf_get_len(text)}));
  }
  void operator()(const nstime_t& value) {
    protozero::pbf_builder<schema::TimeValue> time(
        out_, schema::TypedValue::kTimeValue);
    time.add_sint64(schema::TimeValue::kSeconds, value.secs);
    time.add_sint32(schema::TimeValue::kNanos, value.nsecs);
  }
  void operator()(const ipv4_addr_and_mask& value) {
    char bytes[FT_IPv4_LEN];
    PutBigEndian(value.addr, FT_IPv4_LEN, bytes);
    out_.add_bytes(schema::TypedValue::kBytesValue, bytes, sizeof(bytes));
    const auto prefix = static_cast<uint32_t>(absl::popcount(value.nmask));
    if (prefix < kIpv4Bits) {
      out_.add_uint32(schema::TypedValue::kPrefixLength, prefix);
    }
  }
  void operator()(const ipv6_addr_and_prefix& value) {
    out_.add_bytes(schema::TypedValue::kBytesValue,
                   reinterpret_cast<const char*>(value.addr.bytes),
                   sizeof(value.addr.bytes));
    if (value.prefix < kIpv6Bits) {
      out_.add_uint32(schema::TypedValue::kPrefixLength, value.prefix);
    }
  }
  void operator()(const e_guid_t& value) {
    const GuidBytes bytes = BytesOfGuid(value);
    out_.add_bytes(schema::TypedValue::kBytesValue, bytes.data(), bytes.size());
  }
  void operator()(ByteValue value) {
    // An empty value may have null as its data.
    out_.add_bytes(schema::TypedValue::kBytesValue,
                   value.bytes.empty() ? "" : value.bytes.data(),
                   value.bytes.size());
  }
  void operator()(ProtocolValue value) {
    const absl::string_view bytes = BytesOfProtocol(value);
    out_.add_bytes(schema::TypedValue::kBytesValue, bytes.data(), bytes.size());
  }

 private:
  protozero::pbf_builder<schema::TypedValue> out_;
};

struct Bytes {
  std::string bytes;
};

// A value as it was sent in the message.
using SentValue = std::variant<std::monostate, uint64_t, int64_t, double,
                               std::string, Bytes, nstime_t>;

nstime_t ReadTime(protozero::data_view bytes) {
  nstime_t time = {};
  protozero::pbf_message<schema::TimeValue> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::TimeValue::kSeconds:
        time.secs = message.get_sint64();
        break;
      case schema::TimeValue::kNanos:
        time.nsecs = message.get_sint32();
        break;
      default:
        message.skip();
    }
  }
  return time;
}

SentValue ReadSentValue(protozero::data_view bytes) {
  SentValue value;
  protozero::pbf_message<schema::TypedValue> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::TypedValue::kUnsignedValue:
        value = message.get_uint64();
        break;
      case schema::TypedValue::kSignedValue:
        value = message.get_sint64();
        break;
      case schema::TypedValue::kDoubleValue:
        value = message.get_double();
        break;
      case schema::TypedValue::kStringValue:
        value = message.get_string();
        break;
      case schema::TypedValue::kBytesValue:
        value = Bytes{message.get_bytes()};
        break;
      case schema::TypedValue::kTimeValue:
        value = ReadTime(message.get_view());
        break;
      default:
        message.skip();
    }
  }
  return value;
}

// Overwrites a value with the one in the message. Is called with the value's
// content, and returns whether the message has the kind and range of the type.
class Setter {
 public:
  Setter(const SentValue& sent, ftenum_t type, fvalue_t* value)
      : sent_(sent), type_(type), width_(WidthOf(type)), value_(value) {}

  bool operator()(NoValue) const { return false; }
  bool operator()(ProtocolValue) const { return false; }
  bool operator()(guint16) const {
    return SetUnsigned<guint16>(SetMedicalFloat16);
  }
  bool operator()(guint32) const {
    return SetUnsigned<guint32>(type_ == FT_IEEE_11073_FLOAT ? SetMedicalFloat32
                                                             : SetUint32);
  }
  bool operator()(guint64) const { return SetUnsigned<guint64>(SetUint64); }
  bool operator()(gint32) const { return SetSigned<gint32>(SetInt32); }
  bool operator()(gint64) const { return SetSigned<gint64>(SetInt64); }
  bool operator()(gdouble) const {
    const auto* sent = std::get_if<double>(&sent_);
    if (sent != nullptr) SetDouble(value_, *sent);
    return sent != nullptr;
  }
  bool operator()(const nstime_t&) const {
    const auto* sent = std::get_if<nstime_t>(&sent_);
    if (sent == nullptr || sent->nsecs >= kNanosPerSecond ||
        sent->nsecs <= (type_ == FT_RELATIVE_TIME ? -kNanosPerSecond : -1)) {
      return false;
    }
    SetTime(value_, *sent);
    return true;
  }
  bool operator()(const wmem_strbuf_t*) const {
    const auto* sent = std::get_if<std::string>(&sent_);
    if (sent == nullptr) return false;
    SetText(value_, *sent);
    return true;
  }
  bool operator()(const ipv4_addr_and_mask& before) const {
    const std::string* bytes = FixedBytes();
    if (bytes == nullptr) return false;
    ipv4_addr_and_mask address = before;
    address.addr = GetBigEndian(bytes->data(), FT_IPv4_LEN);
    SetIpv4(value_, address);
    return true;
  }
  bool operator()(const ipv6_addr_and_prefix& before) const {
    const std::string* bytes = FixedBytes();
    if (bytes == nullptr) return false;
    ipv6_addr_and_prefix address = before;
    std::memcpy(address.addr.bytes, bytes->data(), bytes->size());
    SetIpv6(value_, address);
    return true;
  }
  bool operator()(const e_guid_t&) const {
    const std::string* bytes = FixedBytes();
    if (bytes == nullptr) return false;
    SetGuid(value_, GuidOfBytes(bytes->data()));
    return true;
  }
  bool operator()(ByteValue) const {
    const auto* sent = std::get_if<Bytes>(&sent_);
    // Fewer bytes than the width are an incomplete value.
    if (sent == nullptr || sent->bytes.size() > UINT_MAX ||
        (width_ > 0 && sent->bytes.size() > width_)) {
      return false;
    }
    SetBytes(value_, sent->bytes);
    return true;
  }

 private:
  size_t Bits() const { return width_ * CHAR_BIT; }

  template <typename Unsigned>
  bool SetUnsigned(void (*set)(fvalue_t*, Unsigned)) const {
    const auto* sent = std::get_if<uint64_t>(&sent_);
    if (sent == nullptr) return false;
    // Booleans have no width; any value but 0 is true.
    if (Bits() > 0 && Bits() < 64 && *sent >> Bits() != 0) return false;
    set(value_, static_cast<Unsigned>(*sent));
    return true;
  }

  template <typename Signed>
  bool SetSigned(void (*set)(fvalue_t*, Signed)) const {
    const auto* sent = std::get_if<int64_t>(&sent_);
    if (sent == nullptr) return false;
    // Checks the sign extension.
    const int64_t beyond = *sent >> (Bits() - 1);
    if (beyond != 0 && beyond != -1) return false;
    set(value_, static_cast<Signed>(*sent));
    return true;
  }

  const std::string* FixedBytes() const {
    const auto* sent = std::get_if<Bytes>(&sent_);
    if (sent == nullptr || sent->bytes.size() != width_) return nullptr;
    return &sent->bytes;
  }

  const SentValue& sent_;
  const ftenum_t type_;
  const size_t width_;
  fvalue_t* const value_;
};

absl::Status ValueInvalid(ftenum_t type) {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The value doesn't fit the type ", ftype_name(type), "."),
      {"VALUE_INVALID", {{"type", ftype_name(type)}}, {}});
}

absl::StatusOr<FieldValuePtr> ReadProtocol(const SentValue& sent) {
  const auto* bytes = std::get_if<Bytes>(&sent);
  if (bytes == nullptr) return ValueInvalid(FT_PROTOCOL);
  std::string message;
  FieldValuePtr value =
      ParseFieldValue(FT_PROTOCOL, absl::BytesToHexString(bytes->bytes),
                      /*allow_partial=*/false, &message);
  if (value == nullptr) return ValueInvalid(FT_PROTOCOL);
  return value;
}

}  // namespace

std::string FieldValueMessage(const fvalue_t& value, ftenum_t type) {
  std::string message;
  VisitValue(value, type, Writer(&message));
  return message;
}

absl::StatusOr<FieldValuePtr> ReadFieldValue(protozero::data_view message,
                                             ftenum_t type) {
  const SentValue sent = ReadSentValue(message);
  if (type == FT_PROTOCOL) return ReadProtocol(sent);
  FieldValuePtr value = MakeFieldValue(type);
  if (value == nullptr) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("The type ", ftype_name(type), " has no values."),
        {"FIELD_TYPE_WITHOUT_VALUES", {{"type", ftype_name(type)}}, {}});
  }
  if (!VisitValue(*value, type, Setter(sent, type, value.get()))) {
    return ValueInvalid(type);
  }
  return value;
}

}  // namespace dissectd::engine
