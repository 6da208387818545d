// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/protocol_counter.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "dissectd/v1/capture.schema.h"

namespace dissectd::engine {
ProtocolCounter::Slot& ProtocolCounter::SlotOf(const frame_data& frame) {
  const absl::Time now = clock_();
  absl::Time time = now;
  if (frame.has_ts != 0) {
    // Times in the future are wrong, so they count as the current time.
    time = std::min(now, absl::FromUnixSeconds(frame.abs_ts.secs) +
                             absl::Nanoseconds(frame.abs_ts.nsecs));
  }
  if (time < now - kHistory) {
    history_time_ = std::max(history_time_, time);
    return history_;
  }
  return slots_[absl::UnixEpoch() +
                absl::Floor(time - absl::UnixEpoch(), kSlot)];
}

absl::Status ProtocolCounter::AddFrame(epan_dissect_t* edt,
                                       const frame_data& frame, ColumnSet*) {
  Slot& slot = SlotOf(frame);
  ++slot.all.frames;
  slot.all.bytes += frame.pkt_len;
  for (wmem_list_frame_t* layer = wmem_list_head(edt->pi.layers);
       layer != nullptr; layer = wmem_list_frame_next(layer)) {
    Count& count =
        slot.by_protocol[GPOINTER_TO_INT(wmem_list_frame_data(layer))];
    if (count.last_frame == slot.all.frames) continue;
    count.last_frame = slot.all.frames;
    ++count.frames;
    count.bytes += frame.pkt_len;
  }
  return absl::OkStatus();
}

absl::Status ProtocolCounter::Flush() {
  if (history_.all.frames != 0) {
    RETURN_IF_ERROR(Send(history_time_, history_));
    history_ = Slot();
  }
  for (const auto& [time, slot] : slots_) RETURN_IF_ERROR(Send(time, slot));
  slots_.clear();
  return absl::OkStatus();
}

absl::Status ProtocolCounter::Send(absl::Time time, const Slot& slot) {
  std::string counts;
  wire::AppendUint(&counts, schema::CaptureCounts::kPackets, slot.all.frames);
  wire::AppendUint(&counts, schema::CaptureCounts::kBytes, slot.all.bytes);
  for (const auto& [protocol, count] : slot.by_protocol) {
    std::string entry;
    wire::AppendText(&entry, schema::ProtocolCount::kName,
                     MakeValidUtf8(proto_get_protocol_filter_name(protocol)));
    wire::AppendUint(&entry, schema::ProtocolCount::kPackets, count.frames);
    wire::AppendUint(&entry, schema::ProtocolCount::kBytes, count.bytes);
    wire::AppendText(&counts, schema::CaptureCounts::kProtocols, entry);
  }
  return sink_(time, counts);
}

absl::Status ProtocolCounter::SendProgress(const ProgressReport&) {
  return Flush();
}

absl::Status ProtocolCounter::SendEnd(EndReason, const ProgressReport&,
                                      const WtapError*, absl::string_view) {
  return Flush();
}

}  // namespace dissectd::engine
