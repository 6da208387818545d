// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_CAPTURE_TALLY_H_
#define CORE_QUERY_CAPTURE_CAPTURE_TALLY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/epan/wireshark.h"
#include "core/query/capture/capture_blocks.h"
#include "dissectd/v1/wiretap.schema.h"

namespace dissectd::engine {

using schema::TimeOrder;

// Computes the numbers that capinfos computes while it reads a capture.
class CaptureTally {
 public:
  // `file` is not owned and outlives this.
  explicit CaptureTally(wtap* file);

  // Counts a record that was read from the file.
  void Add(const wtap_rec& record);

  uint32_t packets() const { return packets_; }
  uint64_t bytes() const { return bytes_; }
  // The shortest and the longest captured length of truncated packets.
  const std::optional<std::pair<uint32_t, uint32_t>>& cut() const {
    return cut_;
  }
  // Packets by the number of their encapsulation.
  const std::map<int, uint32_t>& encapsulations() const {
    return encapsulations_;
  }
  // The numbers of packets with an unknown encapsulation, and that
  // encapsulation.
  const std::vector<std::pair<uint32_t, int>>& unknown_encapsulations() const {
    return unknown_encapsulations_;
  }
  uint32_t packets_of_interface(size_t number) const {
    return number < interfaces_.size() ? interfaces_[number] : 0;
  }
  uint32_t packets_of_unknown_interfaces() const { return unknown_interfaces_; }
  // Whether each record had a time.
  bool times_known() const { return times_known_; }
  const RecordTime& first() const { return first_; }
  const RecordTime& last() const { return last_; }
  TimeOrder order() const { return order_; }

 private:
  void AddTime(const wtap_rec& record);
  void AddPacket(const wtap_rec& record);
  void AddToInterface(const wtap_rec& record);

  wtap* const file_;
  uint32_t packets_ = 0;
  uint64_t bytes_ = 0;
  std::optional<std::pair<uint32_t, uint32_t>> cut_;
  std::map<int, uint32_t> encapsulations_;
  std::vector<std::pair<uint32_t, int>> unknown_encapsulations_;
  std::vector<uint32_t> interfaces_;
  uint32_t unknown_interfaces_ = 0;
  bool times_known_ = true;
  nstime_t previous_ = NSTIME_INIT_ZERO;
  RecordTime first_;
  RecordTime last_;
  TimeOrder order_ = TimeOrder::kInOrder;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_CAPTURE_TALLY_H_
