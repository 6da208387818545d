// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/protocol_counter.h"

#include <string>

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "dissectd/v1/capture.schema.h"

namespace dissectd::engine {
namespace {}  // namespace

absl::Status ProtocolCounter::AddFrame(epan_dissect_t* edt,
                                       const frame_data& frame, ColumnSet*) {
  changed_ = true;
  ++all_.frames;
  all_.bytes += frame.pkt_len;
  for (wmem_list_frame_t* layer = wmem_list_head(edt->pi.layers);
       layer != nullptr; layer = wmem_list_frame_next(layer)) {
    const int protocol = GPOINTER_TO_INT(wmem_list_frame_data(layer));
    const auto index = static_cast<size_t>(protocol);
    if (index >= by_protocol_.size()) by_protocol_.resize(index + 1);
    Count& count = by_protocol_[index];
    if (count.in_frame == all_.frames) continue;
    if (count.frames == 0) seen_.push_back(protocol);
    count.in_frame = all_.frames;
    ++count.frames;
    count.bytes += frame.pkt_len;
  }
  return absl::OkStatus();
}

absl::Status ProtocolCounter::Flush() {
  if (!changed_) return absl::OkStatus();
  changed_ = false;
  std::string counts;
  wire::AppendUint(&counts, schema::CaptureCounts::kPackets, all_.frames);
  wire::AppendUint(&counts, schema::CaptureCounts::kBytes, all_.bytes);
  for (const int protocol : seen_) {
    const Count& count = by_protocol_[static_cast<size_t>(protocol)];
    std::string entry;
    wire::AppendText(&entry, schema::ProtocolCount::kName,
                     MakeValidUtf8(proto_get_protocol_filter_name(protocol)));
    wire::AppendUint(&entry, schema::ProtocolCount::kPackets, count.frames);
    wire::AppendUint(&entry, schema::ProtocolCount::kBytes, count.bytes);
    wire::AppendText(&counts, schema::CaptureCounts::kProtocols, entry);
  }
  return sink_(counts);
}

absl::Status ProtocolCounter::SendProgress(const ProgressReport&) {
  return Flush();
}

absl::Status ProtocolCounter::SendEnd(EndReason, const ProgressReport&,
                                      const WtapError*, absl::string_view) {
  return Flush();
}

}  // namespace dissectd::engine
