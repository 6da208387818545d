// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/error.h"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "absl/strings/cord.h"
#include "core/base/utf8.h"

namespace dissectd {
namespace {

constexpr size_t kMaxMetadataValueBytes = 256;

// Field numbers of dissectd.v1.ErrorDetail, TextSpan, StatusDetails and
// google.protobuf.Any.
enum ErrorDetailField { kReason = 1, kDomain = 2, kMetadata = 3, kSpan = 4 };
enum MapEntryField { kKey = 1, kValue = 2 };
enum TextSpanField { kStart = 1, kLength = 2 };
enum StatusDetailsField { kCode = 1, kMessage = 2, kDetails = 3 };
enum AnyField { kTypeUrl = 1, kAnyValue = 2 };

std::string Shorten(absl::string_view text, size_t max_bytes) {
  const std::string valid = MakeValidUtf8(text);
  return std::string(TruncateUtf8(valid, max_bytes));
}

void AddText(protozero::pbf_writer* writer, int field, absl::string_view text) {
  writer->add_string(field, text.data(), text.size());
}

std::string SerializeDetail(const ErrorInfo& info) {
  std::string out;
  protozero::pbf_writer writer(out);
  AddText(&writer, kReason, info.reason);
  AddText(&writer, kDomain, "dissectd");
  for (const auto& [key, value] : info.metadata) {
    protozero::pbf_writer entry(writer, kMetadata);
    AddText(&entry, kKey, key);
    AddText(&entry, kValue, Shorten(value, kMaxMetadataValueBytes));
  }
  if (info.span.has_value()) {
    protozero::pbf_writer span(writer, kSpan);
    span.add_uint32(kStart, info.span->start);
    span.add_uint32(kLength, info.span->length);
  }
  return out;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorInfo& info) {
  absl::Status status(code, Shorten(message, kMaxErrorMessageBytes));
  status.SetPayload(kErrorDetailUrl, absl::Cord(SerializeDetail(info)));
  return status;
}

std::optional<TextSpan> SpanOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrorDetailUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  protozero::pbf_reader detail(bytes);
  if (!detail.next(kSpan)) return std::nullopt;
  TextSpan span;
  protozero::pbf_reader message = detail.get_message();
  while (message.next()) {
    if (message.tag() == kStart) {
      span.start = message.get_uint32();
    } else if (message.tag() == kLength) {
      span.length = message.get_uint32();
    } else {
      message.skip();
    }
  }
  return span;
}

std::string SerializeStatus(const absl::Status& status) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_int32(kCode, static_cast<int32_t>(status.code()));
  AddText(&writer, kMessage, Shorten(status.message(), kMaxErrorMessageBytes));
  if (const auto payload = status.GetPayload(kErrorDetailUrl)) {
    protozero::pbf_writer any(writer, kDetails);
    AddText(&any, kTypeUrl, kErrorDetailUrl);
    AddText(&any, kAnyValue, std::string(*payload));
  }
  return out;
}

}  // namespace dissectd
