// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_TAP_SINK_H_
#define CORE_DISSECTION_TAP_SINK_H_

#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/encode/frame_sink.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

// Has frames dissected for libwireshark's taps. The listeners that are
// registered hear of every frame themselves, also of those that the view's
// filter leaves out, as in `tshark -z`: nothing is left for the sink to take.
//
// What listeners collect can't be merged, so that one process dissects all
// frames.
class TapSink : public FrameSink {
 public:
  // Takes what the listeners have collected.
  using EndFn = absl::AnyInvocable<absl::Status(EndReason reason,
                                                const ProgressReport& totals)>;

  // `on_end` is called once, after the last frame or an error of reading. Its
  // error ends the dissection.
  explicit TapSink(EndFn on_end) : on_end_(std::move(on_end)) {}

  // Depends on the listeners: all of them must be registered before.
  FrameNeeds needs() const override {
    const TapNeeds taps = NeedsOfTaps();
    FrameNeeds needs;
    needs.tree = taps.tree;
    needs.columns = taps.columns;
    return needs;
  }

  absl::Status AddFrame(epan_dissect_t*, const frame_data&,
                        ColumnSet*) override {
    return absl::OkStatus();
  }

  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError*, absl::string_view) override {
    return on_end_(reason, totals);
  }

 private:
  EndFn on_end_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_TAP_SINK_H_
