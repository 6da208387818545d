// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LINE_SINK_H_
#define CORE_SESSION_LINE_SINK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "core/encode/coloring_rules.h"
#include "core/encode/frame_sink.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/session/session_capture.h"

namespace dissectd::engine {

// Returns a serialised dissectd.v1.ListFramesResponse with only the columns.
std::string ListColumns(const ColumnSet& columns);

// Makes lines of the packet list, which are serialised
// dissectd.v1.FrameSummaries.
class LineSink : public FrameSink {
 public:
  struct Options {
    // Nothing is owned; all outlives the sink. The filter may be null.
    SessionCapture* session;
    const ColumnSet* columns;
    dfilter_t* filter;
    // Whether the filter looks at colours.
    bool filter_needs_colors;
    // Whether lines have colours.
    bool colors;
  };

  explicit LineSink(const Options& options);

  FrameNeeds needs() const override;
  // Frames look as in a view with the filter.
  void Prime(epan_dissect_t* edt) const override {
    PrimeFilter(options_.filter, edt);
  }
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  absl::Status SendCrash(const CrashReport& crash) override;

 protected:
  // Receives the line of a frame. Its errors are those of the methods that add
  // frames.
  virtual absl::Status AddLine(uint32_t frame, std::string line) = 0;
  // Returns the number by which lines refer to a rule of coloring_rules(), from
  // 1.
  virtual uint32_t NumberOfRule(uint32_t rule) { return rule; }

  const Options& options() const { return options_; }
  // Null without colours.
  const ColoringRules* coloring_rules() const {
    return rules_.has_value() ? &*rules_ : nullptr;
  }

 private:
  const Options options_;
  std::optional<ColoringRules> rules_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_LINE_SINK_H_
