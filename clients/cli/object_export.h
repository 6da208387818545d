// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OBJECT_EXPORT_H_
#define CLIENTS_CLI_OBJECT_EXPORT_H_

#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/analysis.pb.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// A value of `--export-objects`.
struct ObjectExport {
  std::string protocol;
  std::string folder;
};

// Returns the parts of PROTOCOL,FOLDER. The protocol is empty if there is no
// comma.
ObjectExport ParseObjectExport(const std::string& given);

// Writes the objects of a capture to a folder of this machine, which is made if
// it doesn't exist. No file is overwritten. Prints errors.
ExitCode ExportObjects(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& given,
                       const v1::AnalysisSource& source,
                       const PrintOptions& print);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OBJECT_EXPORT_H_
