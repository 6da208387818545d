// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_OPTIONS_H_
#define SERVER_CAPTURE_CAPTURE_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// The operator's rules for captures.
struct CapturePolicy {
  // The folder of named pipes that clients may capture from; empty for none.
  std::string pipes;
};

// Whether the interface is in fact a named pipe of this machine.
bool IsNamedPipe(const v1::InterfaceOptions& interface);

// Whether any of the interfaces is a named pipe, or has packets from the
// client.
bool ReadsPipes(const v1::CaptureOptions& options);

// Returns the interface whose packets come from the client; null if there is
// none.
const v1::InterfaceOptions* ClientInterface(const v1::CaptureOptions& options);

// Whether all packets come from the client.
bool ReadsOnlyFromClient(const v1::CaptureOptions& options);

// Checks options that dumpcap would refuse with a less helpful message, or
// would ignore. Errors: CAPTURE_OPTION_INVALID, INTERFACE_NOT_FOUND,
// FILE_NAME_INVALID.
absl::Status CheckCaptureOptions(const v1::CaptureOptions& options,
                                 const CapturePolicy& policy);

// Returns the name of the file; dumpcap adds numbers to it for the files of a
// ring.
std::string CaptureFileName(const v1::CaptureOptions& options);

// Returns dumpcap's arguments for a capture into the file at `path`. The
// options must have been checked.
std::vector<std::string> CaptureArguments(const v1::CaptureOptions& options,
                                          const std::string& path);

// Returns dumpcap's arguments to set the interface's Wi-Fi channel.
std::vector<std::string> WifiChannelArguments(
    const v1::InterfaceOptions& interface);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_OPTIONS_H_
