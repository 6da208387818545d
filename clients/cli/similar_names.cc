// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/similar_names.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

// The number of names in a message.
constexpr size_t kMaxNames = 10;

}  // namespace

std::string SimilarNames(absl::string_view introduction,
                         const std::vector<std::string>& names) {
  std::string hint = absl::StrCat("\n", introduction);
  const size_t shown = std::min(names.size(), kMaxNames);
  for (size_t i = 0; i < shown; ++i) {
    absl::StrAppend(&hint, "\n    ", names[i]);
  }
  if (shown < names.size()) {
    absl::StrAppend(&hint, "\n    and ", names.size() - shown, " more");
  }
  return hint;
}

grpc::Status WithHint(const grpc::Status& status, absl::string_view hint) {
  return grpc::Status(status.error_code(),
                      absl::StrCat(status.error_message(), hint),
                      status.error_details());
}

}  // namespace dissectd::cli
