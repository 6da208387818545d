// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TLS_KEY_EXPORT_H_
#define CLIENTS_CLI_TLS_KEY_EXPORT_H_

#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/analysis.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Writes the keys of TLS sessions of a capture that could be decrypted to a
// file of this machine, which only its owner can read. Prints errors.
ExitCode ExportTlsKeys(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& path,
                       const v1::AnalysisSource& source,
                       const PrintOptions& print);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TLS_KEY_EXPORT_H_
