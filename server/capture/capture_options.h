// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_OPTIONS_H_
#define SERVER_CAPTURE_CAPTURE_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// What the operator allows captures to do.
struct CapturePolicy {
  // The folder of named pipes that clients may capture from; empty if they may
  // not.
  std::string pipes;
};

// Whether what is captured from is a named pipe instead of an interface.
bool IsPipe(const v1::InterfaceOptions& interface);

// Whether any is.
bool ReadsPipes(const v1::CaptureOptions& options);

// Finds what dumpcap would refuse in a way that says less, or would not refuse
// but ignore. Errors: CAPTURE_OPTION_INVALID, INTERFACE_NOT_FOUND,
// FILE_NAME_INVALID.
absl::Status CheckCaptureOptions(const v1::CaptureOptions& options,
                                 const CapturePolicy& policy);

// The name of the file, or of a ring's files before dumpcap numbers them.
std::string CaptureFileName(const v1::CaptureOptions& options);

// dumpcap's arguments for a capture into the file at `path`. Options are
// checked.
std::vector<std::string> CaptureArguments(const v1::CaptureOptions& options,
                                          const std::string& path);

// dumpcap's arguments to set the interface's Wi-Fi channel.
std::vector<std::string> WifiChannelArguments(
    const v1::InterfaceOptions& interface);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_OPTIONS_H_
