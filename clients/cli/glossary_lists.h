// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_GLOSSARY_LISTS_H_
#define CLIENTS_CLI_GLOSSARY_LISTS_H_

#include <memory>

#include "grpcpp/grpcpp.h"

// Each function prints the `tshark -G` report that it is named after.
namespace dissectd::cli {

grpc::Status PrintFieldTypes(const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintProtocols(const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintColumnFormats(const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintDecodes(const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintDissectorTables(
    const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintHeuristicDecodes(
    const std::shared_ptr<grpc::Channel>& channel);
grpc::Status PrintPlugins(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_GLOSSARY_LISTS_H_
