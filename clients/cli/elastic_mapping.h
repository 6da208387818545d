// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ELASTIC_MAPPING_H_
#define CLIENTS_CLI_ELASTIC_MAPPING_H_

#include <memory>
#include <optional>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Prints what `tshark -G elastic-mapping` does: the types of fields for
// Elasticsearch. `protocols` has filter names with commas between them, and
// leaves out the fields of all other protocols.
grpc::Status PrintElasticMapping(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::optional<std::string>& protocols);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ELASTIC_MAPPING_H_
