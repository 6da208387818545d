// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_PROTOCOL_COUNTER_H_
#define CORE_ENCODE_PROTOCOL_COUNTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/encode/frame_sink.h"

namespace dissectd::engine {

// Counts frames and bytes, in total and by protocol, for each slot of 10 ms of
// the frames' times.
class ProtocolCounter : public FrameSink {
 public:
  // Sends the counts of a slot since the previous Flush: the time at which the
  // slot begins, and a serialised dissectd.v1.CaptureCounts.
  using Sink = absl::AnyInvocable<absl::Status(absl::Time time,
                                               absl::string_view counts)>;
  using Clock = std::function<absl::Time()>;

  // The length of a slot.
  static constexpr absl::Duration kSlot = absl::Milliseconds(10);
  // Frames that are older than this when they are counted share one slot, so
  // that an old capture doesn't need a message for each 10 ms.
  static constexpr absl::Duration kHistory = absl::Minutes(1);

  explicit ProtocolCounter(Sink sink, Clock clock = absl::Now)
      : sink_(std::move(sink)), clock_(std::move(clock)) {}

  FrameNeeds needs() const override { return {}; }
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  // Sends the counts since the last call, oldest slot first.
  absl::Status Flush() override;
  absl::Status SendProgress(const ProgressReport& progress) override;
  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override;

 private:
  struct Count {
    uint64_t frames = 0;
    uint64_t bytes = 0;
    // The last frame that was counted, as a protocol may occur several times in
    // a frame.
    uint64_t last_frame = 0;
  };
  struct Slot {
    Count all;
    // Indexed by libwireshark's number of the protocol.
    std::map<int, Count> by_protocol;
  };

  Slot& SlotOf(const frame_data& frame);
  absl::Status Send(absl::Time time, const Slot& slot);

  Sink sink_;
  const Clock clock_;
  // Indexed by the time at which the slot begins.
  std::map<absl::Time, Slot> slots_;
  // Counts the frames that are older than kHistory, and the time of the newest.
  Slot history_;
  absl::Time history_time_ = absl::UnixEpoch();
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_PROTOCOL_COUNTER_H_
