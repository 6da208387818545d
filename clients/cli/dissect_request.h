// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DISSECT_REQUEST_H_
#define CLIENTS_CLI_DISSECT_REQUEST_H_

#include <string>

#include "clients/cli/read_options.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Returns the request whose answer has what these options print, and no more.
// `file` is the capture's resource name.
v1::DissectRequest MakeDissectRequest(const ReadOptions& options,
                                      const std::string& file);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DISSECT_REQUEST_H_
