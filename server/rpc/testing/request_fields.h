// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TESTING_REQUEST_FIELDS_H_
#define SERVER_RPC_TESTING_REQUEST_FIELDS_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

// Walks over all requests of the API, for tests that hold for each of them.
namespace dissectd::server {

// Returns all methods of the API.
std::vector<const google::protobuf::MethodDescriptor*> ApiMethods();

// A field of a request, or of a message in it.
struct RequestField {
  const google::protobuf::Descriptor* request;
  // The fields that lead to it, and itself.
  std::vector<const google::protobuf::FieldDescriptor*> path;

  const google::protobuf::FieldDescriptor& field() const {
    return *path.back();
  }
  // Returns the names of the path, for example `options.read_filter`.
  std::string Name() const;
};

// Returns all fields of a request, at any depth. Requires that no message
// contains its own type.
std::vector<RequestField> FieldsOf(const google::protobuf::Descriptor& request);

// Returns a request with nothing set.
std::unique_ptr<google::protobuf::Message> NewRequest(
    const google::protobuf::Descriptor& type);

// Returns the message of a request that has the field, after creating it.
google::protobuf::Message* OwnerOf(const RequestField& field,
                                   google::protobuf::Message* request);

// Sets a text or bytes, or adds one to a repeated field.
void SetText(const RequestField& field, const std::string& value,
             google::protobuf::Message* request);

}  // namespace dissectd::server

#endif  // SERVER_RPC_TESTING_REQUEST_FIELDS_H_
