// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_GLOSSARY_TYPES_H_
#define CLIENTS_CLI_GLOSSARY_TYPES_H_

#include <map>
#include <memory>
#include <string>

#include "dissectd/v1/common.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// The names of types of fields in libwireshark, for example `FT_UINT8`.
using TypeNames = std::map<v1::FieldType, std::string>;

// Asks for the names of all types.
grpc::Status GetTypeNames(const std::shared_ptr<grpc::Channel>& channel,
                          TypeNames* names);

// Returns libwireshark's name of a display of integers, for example `BASE_DEC`.
const char* DisplayName(v1::FieldDisplay display);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_GLOSSARY_TYPES_H_
