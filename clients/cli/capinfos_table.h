// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_TABLE_H_
#define CLIENTS_CLI_CAPINFOS_TABLE_H_

#include <string>

#include "clients/cli/capinfos_options.h"
#include "dissectd/v1/file.pb.h"

namespace dissectd::cli {

// Returns the head of capinfos' table.
std::string TableHead(const CapinfosOptions& options);

// Returns a file's line of the table. `name` is the file's as the user gave it.
std::string TableRow(const CapinfosOptions& options, const std::string& name,
                     const v1::File& file);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_TABLE_H_
