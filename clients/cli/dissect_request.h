// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DISSECT_REQUEST_H_
#define CLIENTS_CLI_DISSECT_REQUEST_H_

#include "clients/cli/print_options.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Returns a request for exactly what these options print. The caller sets the
// source.
v1::DissectRequest MakeDissectRequest(const PrintOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DISSECT_REQUEST_H_
