// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_tap.h"

#include <utility>

#include "core/analysis/report_filter.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<TapListener>> RegisterReportTap(
    absl::string_view listener, const TapListener::Options& options,
    TapListener::PacketFn on_packet) {
  absl::StatusOr<std::unique_ptr<TapListener>> tap =
      TapListener::Register(options, std::move(on_packet));
  if (tap.ok()) return tap;
  return ReportFilterError(tap.status(), listener, options.filter);
}

}  // namespace dissectd::engine
