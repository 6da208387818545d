// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/display_filter.h"

#include "core/base/error.h"
#include "core/epan/no_name_servers.h"

namespace dissectd {

absl::StatusOr<DisplayFilterPtr> CompileDisplayFilter(const std::string& text) {
  const NoNameServers no_name_servers;
  dfilter_t* filter = nullptr;
  char* message = nullptr;
  dfilter_loc_t location;
  location.col_start = -1;
  if (dfilter_compile_real(text.c_str(), &filter, &message, &location, __func__,
                           FALSE, TRUE)) {
    return DisplayFilterPtr(filter);
  }
  const GCharPtr owned_message(message);
  ErrorInfo info{"DISPLAY_FILTER_INVALID", {{"filter", text}}, {}};
  if (location.col_start >= 0) {
    info.span = TextSpan{static_cast<uint32_t>(location.col_start),
                         static_cast<uint32_t>(location.col_len)};
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      message == nullptr ? "The display filter isn't valid." : message, info);
}

}  // namespace dissectd
