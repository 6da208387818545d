// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/reflection.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <unordered_set>

namespace dissectd::server {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr char kMethod[] =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

// The numbers of fields in gRPC's reflection.proto. Its messages are few, and
// generated code isn't in gRPC's packages.
namespace request_field {
constexpr int kHost = 1;
constexpr int kFileByFilename = 3;
constexpr int kFileContainingSymbol = 4;
// 5 and 6 ask for extensions.
constexpr int kListServices = 7;
}  // namespace request_field
namespace response_field {
constexpr int kValidHost = 1;
constexpr int kOriginalRequest = 2;
constexpr int kFileDescriptors = 4;
constexpr int kServices = 6;
constexpr int kError = 7;
}  // namespace response_field
constexpr int kFileDescriptorProto = 1;
constexpr int kService = 1;
constexpr int kServiceName = 1;
constexpr int kErrorCode = 1;
constexpr int kErrorMessage = 2;

std::string BytesOf(const UnknownFieldSet& fields) {
  std::string bytes;
  fields.SerializeToString(&bytes);
  return bytes;
}

void AddError(grpc::StatusCode code, const std::string& message,
              UnknownFieldSet* response) {
  UnknownFieldSet error;
  error.AddVarint(kErrorCode, static_cast<uint64_t>(code));
  error.AddLengthDelimited(kErrorMessage, message);
  response->AddLengthDelimited(response_field::kError, BytesOf(error));
}

// Adds a file after those that it imports, as clients need them.
void AddFile(const FileDescriptor& file,
             std::unordered_set<const FileDescriptor*>* seen,
             UnknownFieldSet* files) {
  if (!seen->insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) {
    AddFile(*file.dependency(i), seen, files);
  }
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  files->AddLengthDelimited(kFileDescriptorProto, proto.SerializeAsString());
}

void AddFileOrError(const FileDescriptor* file, const std::string& name,
                    UnknownFieldSet* response) {
  if (file == nullptr) {
    return AddError(grpc::StatusCode::NOT_FOUND, "There is no " + name + ".",
                    response);
  }
  UnknownFieldSet files;
  std::unordered_set<const FileDescriptor*> seen;
  AddFile(*file, &seen, &files);
  response->AddLengthDelimited(response_field::kFileDescriptors,
                               BytesOf(files));
}

void AddServices(const std::vector<std::string>& services,
                 UnknownFieldSet* response) {
  UnknownFieldSet list;
  for (const std::string& name : services) {
    UnknownFieldSet service;
    service.AddLengthDelimited(kServiceName, name);
    list.AddLengthDelimited(kService, BytesOf(service));
  }
  response->AddLengthDelimited(response_field::kServices, BytesOf(list));
}

// `question` may be null.
void AddAnswer(const UnknownField* question,
               const std::vector<std::string>& services,
               UnknownFieldSet* response) {
  if (question == nullptr) {
    return AddError(grpc::StatusCode::INVALID_ARGUMENT,
                    "The request asks nothing.", response);
  }
  const std::string& text = question->length_delimited();
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  switch (question->number()) {
    case request_field::kFileByFilename:
      return AddFileOrError(pool.FindFileByName(text), text, response);
    case request_field::kFileContainingSymbol:
      return AddFileOrError(pool.FindFileContainingSymbol(text), text,
                            response);
    case request_field::kListServices:
      return AddServices(services, response);
    default:
      return AddError(grpc::StatusCode::NOT_FOUND, "There are no extensions.",
                      response);
  }
}

bool IsQuestion(const UnknownField& field) {
  return field.type() == UnknownField::TYPE_LENGTH_DELIMITED &&
         field.number() >= request_field::kFileByFilename &&
         field.number() <= request_field::kListServices;
}

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return std::string();
  return std::string(reinterpret_cast<const char*>(slice.begin()),
                     slice.size());
}

// A call that answers one request at a time. Deletes itself.
class ReflectionCall final : public grpc::ServerGenericBidiReactor {
 public:
  explicit ReflectionCall(const std::vector<std::string>* services)
      : services_(services) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const std::optional<std::string> answer =
        AnswerReflection(BytesOf(request_), *services_);
    if (!answer.has_value()) {
      return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                 "The request is malformed."));
    }
    response_ = BufferOf(*answer);
    StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    request_.Clear();
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>* const services_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

}  // namespace

std::optional<std::string> AnswerReflection(
    const std::string& request, const std::vector<std::string>& services) {
  UnknownFieldSet fields;
  if (!fields.ParseFromString(request)) return std::nullopt;
  UnknownFieldSet response;
  const UnknownField* question = nullptr;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (IsQuestion(field)) question = &field;
    if (field.number() == request_field::kHost &&
        field.type() == UnknownField::TYPE_LENGTH_DELIMITED) {
      response.AddLengthDelimited(response_field::kValidHost,
                                  field.length_delimited());
    }
  }
  response.AddLengthDelimited(response_field::kOriginalRequest, request);
  AddAnswer(question, services, &response);
  return BytesOf(response);
}

grpc::ServerGenericBidiReactor* ReflectionService::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  if (context->method() == kMethod) return new ReflectionCall(&services_);
  return CallbackGenericService::CreateReactor(context);
}

}  // namespace dissectd::server
