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

// Dissects frames for libwireshark's taps. libwireshark calls the registered
// listeners for every frame, including those that the view's filter leaves out,
// as in `tshark -z`; the sink itself ignores frames.
//
// Results of listeners can't be merged, so one process dissects all frames.
class TapSink : public FrameSink {
 public:
  // Called to take the listeners' results.
  using EndFn = absl::AnyInvocable<absl::Status(EndReason reason,
                                                const ProgressReport& totals)>;

  // `on_end` is called once, after the last frame or an error of reading. Its
  // error ends the dissection.
  explicit TapSink(EndFn on_end) : on_end_(std::move(on_end)) {}

  // All listeners must be registered before this is called.
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
