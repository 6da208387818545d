// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/testing/request_fields.h"

#include "absl/strings/str_join.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/export.pb.h"
#include "dissectd/v1/file.pb.h"
#include "dissectd/v1/filter.pb.h"
#include "dissectd/v1/preference.pb.h"
#include "dissectd/v1/registry.pb.h"
#include "dissectd/v1/server.pb.h"

namespace dissectd::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;
using google::protobuf::ServiceDescriptor;

std::vector<const FileDescriptor*> FilesWithServices() {
  return {v1::CreateCaptureRequest::descriptor()->file(),
          v1::DissectRequest::descriptor()->file(),
          v1::ExportPacketsRequest::descriptor()->file(),
          v1::GetFileRequest::descriptor()->file(),
          v1::CompileFilterRequest::descriptor()->file(),
          v1::GetPreferenceRequest::descriptor()->file(),
          v1::ListFieldsRequest::descriptor()->file(),
          v1::GetServerInfoRequest::descriptor()->file()};
}

void AddFields(const Descriptor& message, const RequestField& parent,
               std::vector<RequestField>* fields) {
  for (int i = 0; i < message.field_count(); ++i) {
    RequestField field = parent;
    field.path.push_back(message.field(i));
    fields->push_back(field);
    if (field.field().type() == FieldDescriptor::TYPE_MESSAGE) {
      AddFields(*field.field().message_type(), field, fields);
    }
  }
}

}  // namespace

std::vector<const MethodDescriptor*> ApiMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : FilesWithServices()) {
    for (int i = 0; i < file->service_count(); ++i) {
      const ServiceDescriptor& service = *file->service(i);
      for (int j = 0; j < service.method_count(); ++j) {
        methods.push_back(service.method(j));
      }
    }
  }
  return methods;
}

std::string RequestField::Name() const {
  return absl::StrJoin(path, ".",
                       [](std::string* out, const FieldDescriptor* field) {
                         out->append(field->name());
                       });
}

std::vector<RequestField> FieldsOf(const Descriptor& request) {
  std::vector<RequestField> fields;
  AddFields(request, {&request, {}}, &fields);
  return fields;
}

std::unique_ptr<Message> NewRequest(const Descriptor& type) {
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

Message* OwnerOf(const RequestField& field, Message* request) {
  Message* owner = request;
  for (size_t i = 0; i + 1 < field.path.size(); ++i) {
    const Reflection& reflection = *owner->GetReflection();
    owner = field.path[i]->is_repeated()
                ? reflection.AddMessage(owner, field.path[i])
                : reflection.MutableMessage(owner, field.path[i]);
  }
  return owner;
}

void SetText(const RequestField& field, const std::string& value,
             Message* request) {
  Message* owner = OwnerOf(field, request);
  const Reflection& reflection = *owner->GetReflection();
  if (field.field().is_repeated()) {
    reflection.AddString(owner, &field.field(), value);
  } else {
    reflection.SetString(owner, &field.field(), value);
  }
}

}  // namespace dissectd::server
