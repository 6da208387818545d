// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_TEXT_H_
#define CLIENTS_CLI_CAPTURE_TEXT_H_

#include <cstdint>
#include <string>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Captures as text. All lines end with a newline; their parts are separated by
// tabs.

// Returns a line: name, state, packets, time of creation, number of files.
std::string CaptureLine(const v1::Capture& capture);

// Returns a line for each file: name, number of its first packet, packets.
std::string CaptureFileLines(const v1::Capture& capture);

// Returns a line: number of the event, time, kind, and what there is to say of
// that kind.
std::string CaptureEventLine(const v1::CaptureEvent& event);

// Returns a line: time, length of the interval in seconds, packets and bytes in
// it, packets lost, and for each protocol its name, packets and bytes in it.
std::string RatesLine(const v1::WatchCaptureStatisticsResponse& rates);

// Returns what tshark says of drops at the end of a capture: a line for each
// interface that had any.
std::string DropLines(const v1::Capture& capture);

// Returns what tshark says of packets at the end of a capture.
std::string PacketCountLine(uint64_t packets);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_TEXT_H_
