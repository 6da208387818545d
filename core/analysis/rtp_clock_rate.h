// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RTP_CLOCK_RATE_H_
#define CORE_ANALYSIS_RTP_CLOCK_RATE_H_

#include <cstdint>
#include <string>

namespace dissectd::engine {

// How a packet of RTP is encoded.
struct RtpPayload {
  uint32_t type;
  // The encoding and the clock rate of a dynamic type if the capture tells
  // them; otherwise empty and 0.
  std::string encoding;
  uint32_t rate;
};

// Returns how often a second the timestamps of a payload advance; 0 if that is
// unknown or, as for telephone events, means nothing.
uint32_t RtpClockRate(const RtpPayload& payload);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RTP_CLOCK_RATE_H_
