// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_TEXT_H_
#define CLIENTS_CLI_CAPTURE_TEXT_H_

#include <cstdint>
#include <string>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Formats captures as text: lines of tab-separated parts, each ended by a
// newline.

// Returns one line: name, state, packets, creation time, number of files.
std::string CaptureLine(const v1::Capture& capture);

// Returns a line: name of a file, number of its first packet, packets.
std::string CaptureFileLine(const v1::CaptureFile& file);

// Returns one line: event number, time, kind, and the details of that kind.
std::string CaptureEventLine(const v1::CaptureEvent& event);

// Returns one line: time, length of the interval in seconds, packets and bytes
// in it, packets lost, and for each protocol its name, packets and bytes.
std::string RatesLine(const v1::WatchCaptureStatisticsResponse& rates);

// Returns tshark's report of dropped packets at the end of a capture: one line
// for each interface that dropped any.
std::string DropLines(const v1::Capture& capture);

// Returns tshark's packet count at the end of a capture.
std::string PacketCountLine(uint64_t packets);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_TEXT_H_
