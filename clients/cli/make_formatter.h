// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_MAKE_FORMATTER_H_
#define CLIENTS_CLI_MAKE_FORMATTER_H_

#include <memory>

#include "clients/cli/format/formatter.h"
#include "clients/cli/print_options.h"
#include "clients/cpp/output_buffer.h"

namespace dissectd::cli {

// Returns the formatter for these options; null if frames are not printed.
// `out` is not owned and outlives the formatter.
std::unique_ptr<Formatter> MakeFormatter(const PrintOptions& options,
                                         OutputBuffer* out);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_MAKE_FORMATTER_H_
