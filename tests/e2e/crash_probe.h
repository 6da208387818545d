// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_CRASH_PROBE_H_
#define TESTS_E2E_CRASH_PROBE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace dissectd {

// Counts the frames that it has dissected, so that a worker which replays too
// few or too many of them shows. Ends the process at some frames, the first or
// the second time that it sees them, unless it has a second argument.
inline constexpr char kCrashProbe[] = R"lua(
  local when, calm = ...
  if when == "loading" then os.exit(7) end
  local probe = Proto("probe", "Probe")
  local count = ProtoField.uint32("probe.count", "Count")
  probe.fields = { count }
  local number = 0
  function probe.dissector(tvb, pinfo, tree)
    pinfo.cols.protocol = "PROBE"
    if tvb(0, 4):string() == "boom" and pinfo.visited == (when == "second") then
      if calm then return end
      os.exit(7)
    end
    number = number + 1
    tree:add(probe, tvb()):add(count, number)
  end
  DissectorTable.get("udp.port"):add(7777, probe)
)lua";

// Returns a frame at which the probe ends the process.
std::string CrashingFrame();

// Returns a capture with `frame` at these numbers, and with others between that
// the probe dissects.
std::string ProbedCapture(uint32_t frames, const std::vector<uint32_t>& numbers,
                          const std::string& frame);

// Returns a capture with frames at these numbers that crash.
std::string CrashingCapture(uint32_t frames,
                            const std::vector<uint32_t>& numbers);

}  // namespace dissectd

#endif  // TESTS_E2E_CRASH_PROBE_H_
