// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_TAP_H_
#define CORE_ANALYSIS_REPORT_TAP_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/analysis/library_tap.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

// Registers the listener of a report, which tshark calls `listener` if its
// filter is wrong: `http,stat tap`, for example. Errors: those of
// TapListener::Register, in tshark's words.
absl::StatusOr<std::unique_ptr<TapListener>> RegisterReportTap(
    absl::string_view listener, const TapListener::Options& options,
    TapListener::PacketFn on_packet);

// Likewise for a listener whose function is libwireshark's. `data` is as for
// LibraryTap::Register.
absl::StatusOr<std::unique_ptr<LibraryTap>> RegisterReportTap(
    absl::string_view listener, const LibraryTap::Options& options, void* data);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_TAP_H_
