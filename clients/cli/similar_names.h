// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SIMILAR_NAMES_H_
#define CLIENTS_CLI_SIMILAR_NAMES_H_

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns lines for the end of an error message: an introduction, then the
// first names, one in each line. The names must be printable.
std::string SimilarNames(absl::string_view introduction,
                         const std::vector<std::string>& names);

// Returns the status with `hint` at the end of its message.
grpc::Status WithHint(const grpc::Status& status, absl::string_view hint);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SIMILAR_NAMES_H_
