// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {

absl::Status ReportArgumentError(absl::string_view message, int exit_status) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"REPORT_ARGUMENT_INVALID",
                    {{"exit_status", absl::StrCat(exit_status)}},
                    {}});
}

}  // namespace dissectd::engine
