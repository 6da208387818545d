// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_TAP_SINK_H_
#define CORE_DISSECTION_TAP_SINK_H_

#include "absl/status/status.h"
#include "core/encode/frame_sink.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

// Dissects frames for libwireshark's taps. libwireshark calls the registered
// listeners for every frame, including those that the view's filter leaves out,
// as in `tshark -z`; the sink itself ignores frames. Derived classes take the
// listeners' results in SendEnd.
//
// Results of listeners can't be merged, so one process dissects all frames.
class TapSink : public FrameSink {
 public:
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
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_TAP_SINK_H_
