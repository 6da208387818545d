// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_OPTIONS_H_
#define SERVER_CAPTURE_CAPTURE_OPTIONS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// The operator's rules for captures.
struct CapturePolicy {
  // The folder of named pipes that clients may capture from; empty for none.
  std::string pipes;
  // The interfaces of extcap programs that clients may capture from.
  std::vector<std::string> extcap;
  // Comments for the files of captures, after the client's own.
  std::vector<std::string> comments;
};

// An interface whose packets dumpcap reads from an extcap program. The first
// one comes through the descriptor AsyncSubprocess::kFirstOther, and so on.
struct ExtcapInput {
  // The interface's index in CaptureOptions.interfaces.
  int index;
  // Its description, for people.
  std::string description;
};

// Whether the operator allows the interface as one of an extcap program.
bool IsExtcap(const v1::InterfaceOptions& interface,
              const CapturePolicy& policy);

// Returns dumpcap's name for the pipe of the ExtcapInput with a position in the
// list of all.
std::string ExtcapInputName(size_t position);

// Whether the interface is in fact a named pipe of this machine.
bool IsNamedPipe(const v1::InterfaceOptions& interface);

// Whether any of the interfaces is a named pipe, or has packets from the
// client.
bool ReadsPipes(const v1::CaptureOptions& options);

// Returns the interface whose packets come from the client; null if there is
// none.
const v1::InterfaceOptions* ClientInterface(const v1::CaptureOptions& options);

// Checks options that dumpcap would refuse with a less helpful message, or
// would ignore. Errors: CAPTURE_OPTION_INVALID, INTERFACE_NOT_FOUND,
// FILE_NAME_INVALID.
absl::Status CheckCaptureOptions(const v1::CaptureOptions& options,
                                 const CapturePolicy& policy);

// Returns the name of the file; dumpcap adds numbers to it for the files of a
// ring.
std::string CaptureFileName(const v1::CaptureOptions& options);

// Returns dumpcap's arguments for a capture into the file at `path`. The
// options must have been checked. `comments` are those of the operator, which
// rings and pcap files can't have. `inputs` are in the order of the interfaces.
std::vector<std::string> CaptureArguments(
    const v1::CaptureOptions& options, const std::vector<std::string>& comments,
    const std::vector<ExtcapInput>& inputs, const std::string& path);

// Returns dumpcap's arguments to set the interface's Wi-Fi channel.
std::vector<std::string> WifiChannelArguments(
    const v1::InterfaceOptions& interface);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_OPTIONS_H_
