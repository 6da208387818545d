// SPDX-License-Identifier: GPL-2.0-or-later

#include <algorithm>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/epan/registry.h"
#include "core/query/registry/fields.h"
#include "core/query/registry/registry_messages.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

// A message of this size is sent.
constexpr size_t kBatchBytes = 256 << 10;
// The largest number of a field's values in one message.
constexpr size_t kMaxValues = 4096;

// Collects items into messages of reasonable size.
class Batch {
 public:
  explicit Batch(SendResponse send) : send_(send) {}

  absl::Status Add(schema::ReadRegistryResponse tag,
                   const std::string& message) {
    protozero::pbf_builder<schema::ReadRegistryResponse>(bytes_).add_message(
        tag, message);
    return bytes_.size() < kBatchBytes ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    if (bytes_.empty()) return absl::OkStatus();
    const absl::Status status = send_(bytes_);
    bytes_.clear();
    return status;
  }

 private:
  SendResponse send_;
  std::string bytes_;
};

absl::Status AddValues(const header_field_info* field,
                       const NamedValues& values, Batch* batch) {
  if (values.kind() == NamedValueKind::kUnspecified) return absl::OkStatus();
  size_t next = 0;
  // Runs at least once, so that an empty list has a message.
  do {
    std::string message;
    protozero::pbf_builder<schema::FieldNamedValues> out(message);
    out.add_uint32(schema::FieldNamedValues::kRegistryId, PublicId(field->id));
    const size_t end = std::min(values.size(), next + kMaxValues);
    for (; next < end; ++next) {
      out.add_message(schema::FieldNamedValues::kNamedValues,
                      ValueMessage(values.At(next)));
    }
    RETURN_IF_ERROR(
        batch->Add(schema::ReadRegistryResponse::kNamedValues, message));
  } while (next < values.size());
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadRegistry(const QueryContext&, absl::string_view request,
                          SendResponse send) {
  bool with_values = false;
  RETURN_IF_ERROR(ReadRequestField(
      "ReadRegistryRequest", request, schema::ReadRegistryRequest::kNamedValues,
      [&](auto* message) { with_values = GetBool(message); }));
  Batch batch(send);
  const ProtocolMessages protocols;
  for (const int protocol : AllProtocols()) {
    RETURN_IF_ERROR(batch.Add(schema::ReadRegistryResponse::kProtocols,
                              protocols.Message(protocol)));
  }
  for (const header_field_info* field : AllFields()) {
    const NamedValues values(field);
    RETURN_IF_ERROR(batch.Add(schema::ReadRegistryResponse::kFields,
                              RegisteredFieldMessage(field, values)));
    if (with_values) RETURN_IF_ERROR(AddValues(field, values, &batch));
  }
  return batch.Flush();
}

}  // namespace dissectd::engine
