// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_REPORT_H_
#define CLIENTS_CLI_CAPINFOS_REPORT_H_

#include <string>

#include "clients/cli/capinfos_options.h"
#include "dissectd/v1/file.pb.h"

namespace dissectd::cli {

// Returns capinfos' long report on a file. `name` is the name that the user
// gave.
std::string LongReport(const CapinfosOptions& options, const std::string& name,
                       const v1::File& file);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_REPORT_H_
