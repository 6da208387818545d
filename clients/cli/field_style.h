// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FIELD_STYLE_H_
#define CLIENTS_CLI_FIELD_STYLE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/format/fields_formatter.h"

namespace dissectd::cli {

// Applies one `-E NAME=VALUE`. Returns INVALID_ARGUMENT with the list of valid
// names if it is unknown.
absl::Status ApplyFieldOption(absl::string_view option, FieldsStyle* style);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FIELD_STYLE_H_
