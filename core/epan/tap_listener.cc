// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/tap_listener.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/epan/no_name_servers.h"

namespace dissectd::engine {
namespace {

bool taps_muted = false;

}  // namespace

absl::StatusOr<std::unique_ptr<TapListener>> TapListener::Register(
    const Options& options, PacketFn on_packet) {
  if (find_tap_id(options.tap.c_str()) == 0) {
    return absl::NotFoundError(
        absl::StrCat("There is no tap \"", options.tap, "\"."));
  }
  // For a listener's filter, libwireshark gives less detail about errors.
  RETURN_IF_ERROR(CompileDisplayFilter(options.filter).status());
  const NoNameServers no_name_servers;
  // make_unique can't call the private constructor.
  std::unique_ptr<TapListener> listener(new TapListener(std::move(on_packet)));
  const GStringPtr problem(register_tap_listener(
      options.tap.c_str(), listener.get(),
      options.filter.empty() ? nullptr : options.filter.c_str(), options.flags,
      /*tap_reset=*/nullptr, OnPacket, /*tap_draw=*/nullptr,
      /*tap_finish=*/nullptr));
  if (problem != nullptr) return absl::InternalError(problem->str);
  return listener;
}

TapListener::~TapListener() { remove_tap_listener(this); }

tap_packet_status TapListener::OnPacket(void* self, packet_info* packet,
                                        epan_dissect_t* edt, const void* data,
                                        tap_flags_t) {
  if (AreTapsMuted()) return TAP_PACKET_DONT_REDRAW;
  static_cast<TapListener*>(self)->on_packet_(packet, edt, data);
  return TAP_PACKET_DONT_REDRAW;
}

void MuteTaps(bool muted) { taps_muted = muted; }

bool AreTapsMuted() { return taps_muted; }

TapNeeds NeedsOfTaps() {
  const guint flags = union_of_tap_listener_flags();
  TapNeeds needs;
  needs.tree =
      have_filtering_tap_listeners() || (flags & TL_REQUIRES_PROTO_TREE) != 0;
  needs.columns = (flags & TL_REQUIRES_COLUMNS) != 0;
  return needs;
}

}  // namespace dissectd::engine
