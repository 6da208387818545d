// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/error.h"

#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>

#include "absl/strings/cord.h"
#include "core/base/utf8.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/well_known.schema.h"

namespace dissectd {
namespace {

constexpr size_t kMaxMetadataValueBytes = 256;

constexpr absl::string_view kRetryInfoUrl =
    "type.googleapis.com/google.rpc.RetryInfo";
constexpr absl::string_view kInvalidTextUrl =
    "type.googleapis.com/dissectd.v1.InvalidText";

std::string Shorten(absl::string_view text, size_t max_bytes) {
  const std::string valid = MakeValidUtf8(text);
  return std::string(TruncateUtf8(valid, max_bytes));
}

template <typename Tag>
void AddText(protozero::pbf_builder<Tag>* writer, Tag field,
             absl::string_view text) {
  writer->add_string(field, text.data(), text.size());
}

std::string SerializeInfo(const ErrorInfo& info) {
  std::string out;
  protozero::pbf_builder<schema::ErrorInfo> writer(out);
  AddText(&writer, schema::ErrorInfo::kReason, info.reason);
  AddText(&writer, schema::ErrorInfo::kDomain, kErrorDomain);
  for (const auto& [key, value] : info.metadata) {
    protozero::pbf_builder<schema::ErrorInfoMetadataEntry> entry(
        writer, schema::ErrorInfo::kMetadata);
    AddText(&entry, schema::ErrorInfoMetadataEntry::kKey, key);
    AddText(&entry, schema::ErrorInfoMetadataEntry::kValue,
            Shorten(value, kMaxMetadataValueBytes));
  }
  return out;
}

std::string SerializeSpan(const TextSpan& span) {
  std::string out;
  protozero::pbf_builder<schema::TextSpan> writer(out);
  writer.add_uint32(schema::TextSpan::kStart, span.start);
  writer.add_uint32(schema::TextSpan::kLength, span.length);
  return out;
}

TextSpan ReadSpan(protozero::data_view bytes) {
  TextSpan span;
  protozero::pbf_message<schema::TextSpan> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::TextSpan::kStart:
        span.start = message.get_uint32();
        break;
      case schema::TextSpan::kLength:
        span.length = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return span;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorInfo& info) {
  absl::Status status(code, Shorten(message, kMaxErrorMessageBytes));
  status.SetPayload(kErrorInfoUrl, absl::Cord(SerializeInfo(info)));
  if (info.span.has_value()) {
    std::string text;
    protozero::pbf_builder<schema::InvalidText> writer(text);
    writer.add_message(schema::InvalidText::kSpan, SerializeSpan(*info.span));
    status.SetPayload(kInvalidTextUrl, absl::Cord(text));
  }
  return status;
}

absl::Status WithRetryDelay(absl::Status status, std::chrono::seconds delay) {
  std::string info;
  protozero::pbf_builder<schema::RetryInfo> writer(info);
  protozero::pbf_builder<schema::Duration> duration(
      writer, schema::RetryInfo::kRetryDelay);
  duration.add_int64(schema::Duration::kSeconds, delay.count());
  duration.commit();
  status.SetPayload(kRetryInfoUrl, absl::Cord(info));
  return status;
}

std::optional<TextSpan> SpanOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kInvalidTextUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  protozero::pbf_message<schema::InvalidText> text(bytes);
  if (!text.next(schema::InvalidText::kSpan)) return std::nullopt;
  return ReadSpan(text.get_view());
}

std::string SerializeStatus(const absl::Status& status) {
  std::string out;
  protozero::pbf_builder<schema::StatusDetails> writer(out);
  writer.add_int32(schema::StatusDetails::kCode,
                   static_cast<int32_t>(status.code()));
  AddText(&writer, schema::StatusDetails::kMessage,
          Shorten(status.message(), kMaxErrorMessageBytes));
  for (const absl::string_view url :
       {kErrorInfoUrl, kRetryInfoUrl, kInvalidTextUrl}) {
    const auto payload = status.GetPayload(url);
    if (!payload.has_value()) continue;
    protozero::pbf_builder<schema::Any> any(writer,
                                            schema::StatusDetails::kDetails);
    AddText(&any, schema::Any::kTypeUrl, url);
    AddText(&any, schema::Any::kValue, std::string(*payload));
  }
  return out;
}

std::string SerializeFailure(const absl::Status& error) {
  std::string out;
  protozero::pbf_builder<schema::Failure> writer(out);
  if (const auto payload = error.GetPayload(kErrorInfoUrl)) {
    const std::string bytes(*payload);
    protozero::pbf_message<schema::ErrorInfo> info(bytes);
    while (info.next()) {
      switch (info.tag()) {
        case schema::ErrorInfo::kReason:
          writer.add_string(schema::Failure::kReason, info.get_view());
          break;
        case schema::ErrorInfo::kMetadata:
          // Entries of all maps have the same layout.
          writer.add_message(schema::Failure::kMetadata, info.get_view());
          break;
        default:
          info.skip();
      }
    }
  }
  AddText(&writer, schema::Failure::kMessage,
          Shorten(error.message(), kMaxErrorMessageBytes));
  if (const auto span = SpanOf(error)) {
    writer.add_message(schema::Failure::kSpan, SerializeSpan(*span));
  }
  return out;
}

}  // namespace dissectd
