// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_tap.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analysis/report_filter.h"

namespace dissectd::engine {
namespace {

absl::Status ListenerError(const absl::Status& error,
                           absl::string_view listener,
                           absl::string_view filter) {
  return ReportFilterError(error,
                           absl::StrCat("Couldn't register ", listener, ": ",
                                        FilterProblem(error, filter)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TapListener>> RegisterReportTap(
    absl::string_view listener, const TapListener::Options& options,
    TapListener::PacketFn on_packet) {
  absl::StatusOr<std::unique_ptr<TapListener>> tap =
      TapListener::Register(options, std::move(on_packet));
  if (tap.ok()) return tap;
  return ListenerError(tap.status(), listener, options.filter);
}

absl::StatusOr<std::unique_ptr<LibraryTap>> RegisterReportTap(
    absl::string_view listener, const LibraryTap::Options& options,
    void* data) {
  absl::StatusOr<std::unique_ptr<LibraryTap>> tap =
      LibraryTap::Register(options, data);
  if (tap.ok()) return tap;
  return ListenerError(tap.status(), listener, options.filter);
}

}  // namespace dissectd::engine
