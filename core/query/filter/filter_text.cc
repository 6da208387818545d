// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/filter_text.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {

absl::Status CheckFilterLength(const std::string& filter) {
  if (filter.size() <= kMaxFilterBytes) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The filter is ", filter.size(), " bytes; the limit is ",
                   kMaxFilterBytes, "."),
      {"FILTER_TOO_LONG", {{"limit", absl::StrCat(kMaxFilterBytes)}}, {}});
}

}  // namespace dissectd::engine
