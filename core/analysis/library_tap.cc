// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/library_tap.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/epan/no_name_servers.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<LibraryTap>> LibraryTap::Register(
    const Options& options, void* data) {
  if (find_tap_id(options.tap.c_str()) == 0) {
    return absl::NotFoundError(
        absl::StrCat("There is no tap \"", options.tap, "\"."));
  }
  RETURN_IF_ERROR(CompileDisplayFilter(options.filter).status());
  const NoNameServers no_name_servers;
  const GStringPtr problem(register_tap_listener(
      options.tap.c_str(), data,
      options.filter.empty() ? nullptr : options.filter.c_str(), options.flags,
      options.on_reset, options.on_packet, /*tap_draw=*/nullptr,
      /*tap_finish=*/nullptr));
  if (problem != nullptr) return absl::InternalError(problem->str);
  // make_unique can't call the private constructor.
  return std::unique_ptr<LibraryTap>(new LibraryTap(data));
}

}  // namespace dissectd::engine
