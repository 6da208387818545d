// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_TEXT_H_
#define CLIENTS_CLI_CAPTURE_TEXT_H_

#include <cstdint>
#include <string>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Returns tshark's report of dropped packets at the end of a capture: one line
// for each interface that dropped any.
std::string DropLines(const v1::Capture& capture);

// Returns the message about the end of a capture that failed, as tshark prints
// it.
std::string FailureText(const v1::Failure& failure);

// Returns tshark's packet count at the end of a capture.
std::string PacketCountLine(uint64_t packets);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_TEXT_H_
