// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/request_check.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/error.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/base/errors.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormat;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Lengths and tags have 32 bits. CodedInputStream also reads longer ones, which
// generated code refuses.
constexpr int kMaxVarint32Bytes = 5;

// Whether the field has text that libwireshark or libpcap compiles.
bool IsFilter(const FieldDescriptor& field) {
  return field.name() == "filter" || field.name() == "custom_fields" ||
         absl::EndsWith(field.name(), "_filter");
}

// Whether the field has the content of a capture or of another file.
bool IsContent(const FieldDescriptor& field) {
  if (field.type() != FieldDescriptor::TYPE_BYTES) return false;
  const std::string& name = field.name();
  return name == "data" || name == "content" || name == "inline_capture" ||
         name == "hosts" || name == "kerberos_keytab" ||
         absl::EndsWith(name, "_key_log");
}

// Checks one request while reading it.
class RequestCheck {
 public:
  RequestCheck(const Descriptor& type, CodedInputStream* in)
      : type_(type), in_(in) {}

  absl::Status Run() { return CheckMessage(type_); }

 private:
  absl::Status CheckMessage(const Descriptor& type) {
    uint32_t tag = 0;
    while (ReadTag(&tag)) {
      const FieldDescriptor* field =
          type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (field == nullptr) {
        RETURN_IF_ERROR(Skip(tag));
        continue;
      }
      path_.push_back(field);
      RETURN_IF_ERROR(CheckField(*field, tag));
      path_.pop_back();
    }
    return tag == 0 && in_->ConsumedEntireMessage() ? absl::OkStatus()
                                                    : Malformed();
  }

  // Returns false at the end of the message, or if the tag is malformed.
  bool ReadTag(uint32_t* tag) {
    const int begin = in_->CurrentPosition();
    *tag = in_->ReadTag();
    return *tag != 0 && in_->CurrentPosition() - begin <= kMaxVarint32Bytes;
  }

  bool ReadLength(int* length) {
    const int begin = in_->CurrentPosition();
    return in_->ReadVarintSizeAsInt(length) &&
           in_->CurrentPosition() - begin <= kMaxVarint32Bytes;
  }

  absl::Status CheckField(const FieldDescriptor& field, uint32_t tag) {
    const WireFormatLite::WireType wire_type =
        WireFormatLite::GetTagWireType(tag);
    if (field.is_packable() &&
        wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      return CheckPacked(field);
    }
    if (wire_type != WireFormat::WireTypeForFieldType(field.type())) {
      return Malformed();
    }
    RETURN_IF_ERROR(CountItem(field));
    switch (field.type()) {
      case FieldDescriptor::TYPE_MESSAGE:
        return CheckDelimited(
            [&] { return CheckMessage(*field.message_type()); });
      case FieldDescriptor::TYPE_STRING:
      case FieldDescriptor::TYPE_BYTES:
        return CheckText(field);
      default:
        return Skip(tag);
    }
  }

  // Calls `check` for the bytes whose length comes next; it must read all.
  template <typename Check>
  absl::Status CheckDelimited(Check check) {
    int length = 0;
    if (!ReadLength(&length)) return Malformed();
    // PushLimit would cut what is longer than the message that it is in.
    const int parent = in_->BytesUntilLimit();
    if (parent >= 0 && length > parent) return Malformed();
    const CodedInputStream::Limit limit = in_->PushLimit(length);
    RETURN_IF_ERROR(check());
    if (in_->BytesUntilLimit() != 0) return Malformed();
    in_->PopLimit(limit);
    return absl::OkStatus();
  }

  absl::Status CheckPacked(const FieldDescriptor& field) {
    const uint32_t item_tag = WireFormatLite::MakeTag(
        field.number(), WireFormat::WireTypeForFieldType(field.type()));
    return CheckDelimited([&] {
      while (in_->BytesUntilLimit() > 0) {
        RETURN_IF_ERROR(CountItem(field));
        RETURN_IF_ERROR(Skip(item_tag));
      }
      return absl::OkStatus();
    });
  }

  absl::Status CheckText(const FieldDescriptor& field) {
    int length = 0;
    if (!ReadLength(&length)) return Malformed();
    const std::optional<uint32_t> limit = MaxBytesOf(field);
    const auto size = static_cast<uint32_t>(length);
    if (limit.has_value() && size > *limit) return TooLong(field, size, *limit);
    if (IsFilter(field)) {
      filters_bytes_ += size;
      if (filters_bytes_ > kMaxFiltersBytes) return FiltersTooLong();
    }
    if (field.type() == FieldDescriptor::TYPE_BYTES) {
      return in_->Skip(length) ? absl::OkStatus() : Malformed();
    }
    return in_->ReadString(&text_, length) && IsValidUtf8(text_)
               ? absl::OkStatus()
               : Malformed();
  }

  absl::Status CountItem(const FieldDescriptor& field) {
    if (!field.is_repeated()) return absl::OkStatus();
    const uint32_t limit = MaxItemsOf(field);
    if (++items_[&field] <= limit) return absl::OkStatus();
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("The request has more than ", limit, " ", Path(), "."),
        {"TOO_MANY_ITEMS",
         {{"field", Path()}, {"limit", absl::StrCat(limit)}},
         {}});
  }

  // Skips a field that needs no look. Groups, which the API doesn't have, could
  // be nested.
  absl::Status Skip(uint32_t tag) {
    if (WireFormatLite::GetTagFieldNumber(tag) == 0) return Malformed();
    int length = 0;
    switch (WireFormatLite::GetTagWireType(tag)) {
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return ReadLength(&length) && in_->Skip(length) ? absl::OkStatus()
                                                        : Malformed();
      case WireFormatLite::WIRETYPE_START_GROUP:
        return Malformed();
      default:
        return WireFormatLite::SkipField(in_, tag) ? absl::OkStatus()
                                                   : Malformed();
    }
  }

  absl::Status TooLong(const FieldDescriptor& field, uint32_t size,
                       uint32_t limit) const {
    const bool is_filter = IsFilter(field);
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat(is_filter ? "The filter " : "The text ", Path(), " is ",
                     size, " bytes; the limit is ", limit, "."),
        {is_filter ? "FILTER_TOO_LONG" : "TEXT_TOO_LONG",
         {{"field", Path()}, {"limit", absl::StrCat(limit)}},
         {}});
  }

  absl::Status FiltersTooLong() const {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("The filters of the request are longer than ",
                     kMaxFiltersBytes, " bytes together."),
        {"FILTER_TOO_LONG",
         {{"field", Path()}, {"limit", absl::StrCat(kMaxFiltersBytes)}},
         {}});
  }

  absl::Status Malformed() const {
    return errors::RequestMalformed(type_.full_name());
  }

  // Returns the current field as clients name it, for example
  // `options.preferences.value`.
  std::string Path() const {
    return absl::StrJoin(path_, ".",
                         [](std::string* out, const FieldDescriptor* field) {
                           absl::StrAppend(out, field->name());
                         });
  }

  const Descriptor& type_;
  CodedInputStream* const in_;
  std::vector<const FieldDescriptor*> path_;
  // The items of each repeated field so far.
  std::unordered_map<const FieldDescriptor*, uint32_t> items_;
  uint32_t filters_bytes_ = 0;
  // Kept to reuse its memory.
  std::string text_;
};

}  // namespace

std::optional<uint32_t> MaxBytesOf(const FieldDescriptor& field) {
  if (IsContent(field)) return std::nullopt;
  return IsFilter(field) ? kMaxFilterBytes : kMaxTextBytes;
}

uint32_t MaxItemsOf(const FieldDescriptor& field) {
  return field.name() == "columns" ? kMaxColumns : kMaxRepeatedItems;
}

absl::Status CheckRequest(const Descriptor& type,
                          const grpc::ByteBuffer& bytes) {
  // Copies the buffer, as reading consumes it; the bytes are shared.
  grpc::ByteBuffer copy = bytes;
  grpc::ProtoBufferReader reader(&copy);
  if (!reader.status().ok()) return errors::RequestMalformed(type.full_name());
  CodedInputStream in(&reader);
  return RequestCheck(type, &in).Run();
}

absl::Status ParseRequest(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message) {
  RETURN_IF_ERROR(CheckRequest(*message->GetDescriptor(), bytes));
  return ParseMessage(bytes, message);
}

}  // namespace dissectd::server
