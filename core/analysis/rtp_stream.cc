// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rtp_stream.h"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace dissectd::engine {
namespace {

constexpr uint16_t kLastSequenceNumber = std::numeric_limits<uint16_t>::max();

// Both types of comfort noise.
bool IsComfortNoise(uint32_t payload_type) {
  constexpr uint32_t kType = 13;
  constexpr uint32_t kOldType = 19;
  return payload_type == kType || payload_type == kOldType;
}

}  // namespace

RtpStream::RtpStream(const RtpPacket& first)
    : first_(first),
      last_(first),
      highest_(first.sequence_number),
      arrival_(first.milliseconds) {}

void RtpStream::Add(const RtpPacket& packet) {
  // Timestamps wrap.
  constexpr uint32_t kHalf = uint32_t{1} << 31U;
  const uint32_t since_first = packet.timestamp - first_.timestamp;
  if (since_first >= kHalf) {
    irregular_ = true;
  } else {
    CountCycles(packet.sequence_number);
    CheckSequence(packet.sequence_number);
    AddTimes(packet, since_first);
  }
  last_ = packet;
  ++packets_;
}

void RtpStream::CountCycles(uint16_t sequence_number) {
  const bool wraps =
      sequence_number == 0 && last_.sequence_number == kLastSequenceNumber;
  if (!below_first_ && (sequence_number < first_.sequence_number || wraps)) {
    ++cycles_;
    below_first_ = true;
  } else if (below_first_ && sequence_number > first_.sequence_number) {
    below_first_ = false;
  }
}

void RtpStream::CheckSequence(uint16_t sequence_number) {
  const auto next = static_cast<uint16_t>(highest_ + 1);
  if (sequence_number != next) irregular_ = true;
  if (sequence_number == next || sequence_number > highest_) {
    highest_ = sequence_number;
  }
}

void RtpStream::AddTimes(const RtpPacket& packet, uint32_t since_first) {
  constexpr uint32_t kMillisecondsPerSecond = 1000;
  constexpr double kWeight = 16;
  const double delta = packet.milliseconds - arrival_;
  if (packet.clock_rate != 0) {
    // Wireshark drops the fraction of the rate.
    const uint32_t ticks = packet.clock_rate / kMillisecondsPerSecond;
    const double nominal = since_first / static_cast<double>(ticks);
    const double expected = arrival_ + (nominal - nominal_);
    const double difference = std::fabs(packet.milliseconds - expected);
    jitter_ = ((kWeight - 1) * jitter_ + difference) / kWeight;
    nominal_ = nominal;
  }
  const bool regular = !packet.marker && !IsComfortNoise(packet.payload_type) &&
                       !IsComfortNoise(last_.payload_type);
  if (regular) {
    delta_.Add(delta, packets_);
    if (packet.clock_rate != 0) jitter_range_.Add(jitter_, packets_);
  }
  arrival_ = packet.milliseconds;
}

uint32_t RtpStream::expected() const {
  constexpr unsigned kSequenceBits = 16;
  return last_.sequence_number + (cycles_ << kSequenceBits) -
         first_.sequence_number + 1;
}

double RtpStream::lost_percent() const {
  constexpr double kPercent = 100;
  return expected() == 0 ? 0 : kPercent * lost() / expected();
}

}  // namespace dissectd::engine
