// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/capture_tally.h"

#include <algorithm>

namespace dissectd::engine {
namespace {

// The API's limit.
constexpr size_t kMaxUnknownEncapsulations = 10000;

}  // namespace

CaptureTally::CaptureTally(wtap* file)
    : file_(file), interfaces_(InterfaceBlocks(file).size()) {}

void CaptureTally::Add(const wtap_rec& record) {
  AddTime(record);
  if (record.rec_type == REC_TYPE_PACKET) AddPacket(record);
}

void CaptureTally::AddTime(const wtap_rec& record) {
  if ((record.presence_flags & WTAP_HAS_TS) == 0) {
    times_known_ = false;
    if (order_ != TimeOrder::kNotInOrder) order_ = TimeOrder::kUnknown;
    return;
  }
  const RecordTime time = {record.ts, record.tsprec};
  // Records before the first packet don't count.
  if (packets_ == 0) {
    first_ = last_ = time;
  } else if (nstime_cmp(&time.time, &previous_) < 0) {
    order_ = TimeOrder::kNotInOrder;
  }
  if (nstime_cmp(&time.time, &first_.time) < 0) first_ = time;
  if (nstime_cmp(&time.time, &last_.time) > 0) last_ = time;
  previous_ = time.time;
}

void CaptureTally::AddPacket(const wtap_rec& record) {
  const wtap_packet_header& header = record.rec_header.packet_header;
  ++packets_;
  bytes_ += header.len;
  if (header.caplen < header.len) {
    if (!cut_.has_value()) cut_.emplace(header.caplen, header.caplen);
    cut_->first = std::min(cut_->first, header.caplen);
    cut_->second = std::max(cut_->second, header.caplen);
  }
  if (header.pkt_encap > 0 && header.pkt_encap < wtap_get_num_encap_types()) {
    ++encapsulations_[header.pkt_encap];
  } else if (unknown_encapsulations_.size() < kMaxUnknownEncapsulations) {
    unknown_encapsulations_.emplace_back(packets_, header.pkt_encap);
  }
  AddToInterface(record);
}

void CaptureTally::AddToInterface(const wtap_rec& record) {
  const uint32_t number = (record.presence_flags & WTAP_HAS_INTERFACE_ID) != 0
                              ? record.rec_header.packet_header.interface_id
                              : 0;
  // Interfaces may be described between packets, so the number may be new.
  if ((record.presence_flags & WTAP_HAS_INTERFACE_ID) != 0 &&
      number >= interfaces_.size()) {
    interfaces_.resize(InterfaceBlocks(file_).size());
  }
  if (number < interfaces_.size()) {
    ++interfaces_[number];
  } else {
    ++unknown_interfaces_;
  }
}

}  // namespace dissectd::engine
