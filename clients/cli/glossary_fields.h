// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_GLOSSARY_FIELDS_H_
#define CLIENTS_CLI_GLOSSARY_FIELDS_H_

#include <memory>

#include "grpcpp/grpcpp.h"

namespace dissectd::cli {

// Prints what `tshark -G fields` does.
grpc::Status PrintFields(const std::shared_ptr<grpc::Channel>& channel);

// Prints what `tshark -G values` does.
grpc::Status PrintValues(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_GLOSSARY_FIELDS_H_
