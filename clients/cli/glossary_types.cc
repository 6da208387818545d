// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/glossary_types.h"

#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {

grpc::Status GetTypeNames(const std::shared_ptr<grpc::Channel>& channel,
                          TypeNames* names) {
  grpc::ClientContext context;
  v1::ListFieldTypesResponse response;
  const grpc::Status status =
      v1::RegistryService::NewStub(channel)->ListFieldTypes(
          &context, v1::ListFieldTypesRequest(), &response);
  for (const v1::FieldTypeInfo& type : response.field_types()) {
    names->emplace(type.type(), type.name());
  }
  return status;
}

const char* DisplayName(v1::FieldDisplay display) {
  switch (display) {
    case v1::FIELD_DISPLAY_UNSPECIFIED:
      return "BASE_NONE";
    case v1::FIELD_DISPLAY_DEC:
      return "BASE_DEC";
    case v1::FIELD_DISPLAY_HEX:
      return "BASE_HEX";
    case v1::FIELD_DISPLAY_OCT:
      return "BASE_OCT";
    case v1::FIELD_DISPLAY_DEC_HEX:
      return "BASE_DEC_HEX";
    case v1::FIELD_DISPLAY_HEX_DEC:
      return "BASE_HEX_DEC";
    case v1::FIELD_DISPLAY_CUSTOM:
      return "BASE_CUSTOM";
    case v1::FIELD_DISPLAY_PORT_UDP:
      return "BASE_PT_UDP";
    case v1::FIELD_DISPLAY_PORT_TCP:
      return "BASE_PT_TCP";
    case v1::FIELD_DISPLAY_PORT_DCCP:
      return "BASE_PT_DCCP";
    case v1::FIELD_DISPLAY_PORT_SCTP:
      return "BASE_PT_SCTP";
    case v1::FIELD_DISPLAY_OUI:
      return "BASE_OUI";
    default:
      return "????";
  }
}

}  // namespace dissectd::cli
