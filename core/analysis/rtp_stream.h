// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RTP_STREAM_H_
#define CORE_ANALYSIS_RTP_STREAM_H_

#include <algorithm>
#include <cstdint>

namespace dissectd::engine {

// A packet of RTP.
struct RtpPacket {
  // The time since the first frame of the capture.
  double milliseconds;
  uint16_t sequence_number;
  uint32_t timestamp;
  uint32_t payload_type;
  bool marker;
  // 0 if it is unknown; see RtpClockRate.
  uint32_t clock_rate;
};

// The range and the mean of a quantity of some of a stream's packets. The mean
// is updated as if it were that of all packets so far.
class RtpRange {
 public:
  // `packets` is the number of packets of the stream before this one.
  void Add(double value, uint32_t packets) {
    minimum_ = minimum_ < 0 ? value : std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
    mean_ = (mean_ * (packets - 1) + value) / packets;
  }

  // -1 if there is none.
  double minimum() const { return minimum_; }
  double mean() const { return mean_; }
  double maximum() const { return maximum_; }

 private:
  double minimum_ = -1;
  double mean_ = 0;
  double maximum_ = 0;
};

// Finds out what was lost, late, or irregular in a stream of RTP, as Wireshark
// does. A packet whose timestamp is before the first one's counts, but nothing
// is calculated of it.
class RtpStream {
 public:
  // Begins with the first packet.
  explicit RtpStream(const RtpPacket& first);

  // Adds the next packet.
  void Add(const RtpPacket& packet);

  uint32_t packets() const { return packets_; }
  // Returns the number of packets that the first and the last sequence number
  // promise.
  uint32_t expected() const;
  // Negative if packets arrived twice.
  int32_t lost() const { return static_cast<int32_t>(expected() - packets_); }
  double lost_percent() const;
  // Whether a sequence number or a timestamp was not the next.
  bool irregular() const { return irregular_; }
  // The time between packets.
  const RtpRange& delta() const { return delta_; }
  const RtpRange& jitter() const { return jitter_range_; }
  double first_milliseconds() const { return first_.milliseconds; }
  double last_milliseconds() const { return last_.milliseconds; }

 private:
  void CountCycles(uint16_t sequence_number);
  void CheckSequence(uint16_t sequence_number);
  void AddTimes(const RtpPacket& packet, uint32_t since_first);

  const RtpPacket first_;
  RtpPacket last_;
  uint32_t packets_ = 1;
  // How often sequence numbers have started again, and whether they are lower
  // than the first one since.
  uint32_t cycles_ = 0;
  bool below_first_ = false;
  // The highest sequence number, but for wraps.
  uint16_t highest_;
  bool irregular_ = false;
  // The values for the last packet that anything was calculated of.
  double arrival_;
  double nominal_ = 0;
  double jitter_ = 0;
  RtpRange delta_;
  RtpRange jitter_range_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RTP_STREAM_H_
