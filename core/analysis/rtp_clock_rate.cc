// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rtp_clock_rate.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kFirstDynamicType = 96;

uint32_t RateOfStaticType(uint32_t type) {
  constexpr uint32_t kRates[] = {
      8000, 8000,  8000,  8000, 8000,  8000,  16000, 8000,  8000,
      8000, 44100, 44100, 8000, 8000,  90000, 8000,  11025, 22050,
      8000, 8000,  0,     0,    0,     0,     0,     90000, 90000,
      0,    90000, 0,     0,    90000, 90000, 90000, 90000};
  return type < std::size(kRates) ? kRates[type] : 0;
}

struct EncodingRate {
  absl::string_view prefix;
  uint32_t rate;
};

constexpr EncodingRate kEncodings[] = {
    {"AMR", 8000},      {"AMR-WB", 16000},     {"BMPEG", 90000},
    {"BT656", 90000},   {"DV", 90000},         {"EVRC", 8000},
    {"EVRCWB", 16000},  {"EVS", 16000},        {"G7221", 16000},
    {"G726-16", 8000},  {"G726-24", 8000},     {"G726-32", 8000},
    {"G726-40", 8000},  {"G729D", 8000},       {"G729E", 8000},
    {"GSM-EFR", 8000},  {"H263-1998", 90000},  {"H263-2000", 90000},
    {"H264", 90000},    {"MP1S", 90000},       {"MP2P", 90000},
    {"MP4V-ES", 90000}, {"mpa-robust", 90000}, {"pointer", 90000},
    {"raw", 90000},     {"red", 1000},         {"SMV", 8000},
    {"t140", 1000}};

// Returns the rate of the longest prefix that the encoding begins with.
uint32_t RateOfEncoding(absl::string_view encoding) {
  EncodingRate found = {"", 0};
  for (const EncodingRate& entry : kEncodings) {
    if (entry.prefix.size() > found.prefix.size() &&
        absl::StartsWithIgnoreCase(encoding, entry.prefix)) {
      found = entry;
    }
  }
  return found.rate;
}

}  // namespace

uint32_t RtpClockRate(const RtpPayload& payload) {
  if (payload.type < kFirstDynamicType) return RateOfStaticType(payload.type);
  if (payload.encoding.empty()) return 0;
  if (absl::StartsWithIgnoreCase(payload.encoding, "telephone-event")) return 0;
  return payload.rate != 0 ? payload.rate : RateOfEncoding(payload.encoding);
}

}  // namespace dissectd::engine
