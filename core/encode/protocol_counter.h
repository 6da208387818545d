// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_PROTOCOL_COUNTER_H_
#define CORE_ENCODE_PROTOCOL_COUNTER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/encode/frame_sink.h"

namespace dissectd::engine {

// Counts frames and bytes, in all and by protocol, and sends the counts so far
// as serialised dissectd.v1.CaptureCounts.
class ProtocolCounter : public FrameSink {
 public:
  using Sink = absl::AnyInvocable<absl::Status(absl::string_view message)>;

  explicit ProtocolCounter(Sink sink) : sink_(std::move(sink)) {}

  FrameNeeds needs() const override { return {}; }
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  // Sends the counts if they have changed.
  absl::Status Flush() override;
  absl::Status SendProgress(const ProgressReport& progress) override;
  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override;

 private:
  struct Count {
    uint64_t frames = 0;
    uint64_t bytes = 0;
    // Counted last for this frame: protocols may be several times in one.
    uint64_t in_frame = 0;
  };

  Sink sink_;
  Count all_;
  // By libwireshark's number of the protocol.
  std::vector<Count> by_protocol_;
  // Those that have a count.
  std::vector<int> seen_;
  bool changed_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_PROTOCOL_COUNTER_H_
