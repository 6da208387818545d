// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/crash_probe.h"

#include <algorithm>

#include "core/engine/testing/capture_builder.h"

namespace dissectd {
namespace {

constexpr uint16_t kProbePort = 7777;

}  // namespace

std::string CrashingFrame() { return UdpFrame(1, kProbePort, "boom"); }

std::string ProbedCapture(uint32_t frames, const std::vector<uint32_t>& numbers,
                          const std::string& frame) {
  CaptureBuilder capture;
  for (uint32_t number = 1; number <= frames; ++number) {
    const bool chosen =
        std::find(numbers.begin(), numbers.end(), number) != numbers.end();
    const auto port = static_cast<uint16_t>(1 + number % 5);
    const std::string payload = "calm" + std::string(number % 7, 'x');
    capture.Add(chosen ? frame : UdpFrame(port, kProbePort, payload));
  }
  return capture.bytes();
}

std::string CrashingCapture(uint32_t frames,
                            const std::vector<uint32_t>& numbers) {
  return ProbedCapture(frames, numbers, CrashingFrame());
}

}  // namespace dissectd
