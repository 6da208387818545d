// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/message_bytes.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>

#include <vector>

#include "core/base/status_macros.h"
#include "server/base/errors.h"

namespace dissectd::server {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::Status CheckEnumValues(const Message& message);

absl::Status CheckEnumValue(const FieldDescriptor& field, int number) {
  if (field.enum_type()->FindValueByNumber(number) != nullptr) {
    return absl::OkStatus();
  }
  return errors::EnumValueUndefined(field.name(), number);
}

absl::Status CheckEnumValuesOf(const Message& message,
                               const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  const bool is_enum = field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  if (!is_enum && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    return absl::OkStatus();
  }
  if (!field->is_repeated()) {
    return is_enum
               ? CheckEnumValue(*field, reflection.GetEnumValue(message, field))
               : CheckEnumValues(reflection.GetMessage(message, field));
  }
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    RETURN_IF_ERROR(
        is_enum ? CheckEnumValue(*field, reflection.GetRepeatedEnumValue(
                                             message, field, i))
                : CheckEnumValues(
                      reflection.GetRepeatedMessage(message, field, i)));
  }
  return absl::OkStatus();
}

// Refuses numbers that an enum of the API doesn't define: the client may mean
// something that only a newer daemon knows.
absl::Status CheckEnumValues(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    RETURN_IF_ERROR(CheckEnumValuesOf(message, field));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ParseMessage(const grpc::ByteBuffer& bytes,
                          google::protobuf::Message* message) {
  // Copies the buffer, as reading consumes it.
  grpc::ByteBuffer copy = bytes;
  grpc::ProtoBufferReader reader(&copy);
  if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) {
    return CheckEnumValues(*message);
  }
  return errors::RequestMalformed(message->GetTypeName());
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  const grpc::Slice bytes(message.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

grpc::ByteBuffer JoinMessages(const std::string& first,
                              const grpc::ByteBuffer& second) {
  std::vector<grpc::Slice> slices;
  // Dump fails for an empty buffer, which has no slices.
  if (!second.Dump(&slices).ok()) slices.clear();
  slices.insert(slices.begin(), grpc::Slice(first));
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace dissectd::server
