// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/library_tap.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/epan/no_name_servers.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<LibraryTap>> LibraryTap::Register(
    const Options& options, void* data) {
  if (find_tap_id(options.tap.c_str()) == 0) {
    return absl::NotFoundError(
        absl::StrCat("There is no tap \"", options.tap, "\"."));
  }
  RETURN_IF_ERROR(CompileDisplayFilter(options.filter).status());
  const NoNameServers no_name_servers;
  // make_unique can't call the private constructor.
  std::unique_ptr<LibraryTap> tap(new LibraryTap(options, data));
  const GStringPtr problem(register_tap_listener(
      options.tap.c_str(), tap.get(),
      options.filter.empty() ? nullptr : options.filter.c_str(), options.flags,
      options.on_reset == nullptr ? nullptr : OnReset, OnPacket,
      /*tap_draw=*/nullptr, /*tap_finish=*/nullptr));
  if (problem != nullptr) return absl::InternalError(problem->str);
  return tap;
}

// libwireshark's exceptions may pass these functions, which hold no objects.
tap_packet_status LibraryTap::OnPacket(void* self, packet_info* packet,
                                       epan_dissect_t* edt, const void* data,
                                       tap_flags_t flags) {
  if (AreTapsMuted()) return TAP_PACKET_DONT_REDRAW;
  const auto* const tap = static_cast<const LibraryTap*>(self);
  return tap->on_packet_(tap->data_, packet, edt, data, flags);
}

void LibraryTap::OnReset(void* self) {
  const auto* const tap = static_cast<const LibraryTap*>(self);
  tap->on_reset_(tap->data_);
}

}  // namespace dissectd::engine
