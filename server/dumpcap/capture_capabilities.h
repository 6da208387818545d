// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_
#define SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_

#include <string>
#include <vector>

namespace dissectd::server {

// Those that dumpcap needs to capture but lacks when this process runs the
// program at `path`, by their names (`CAP_NET_RAW`).
std::vector<std::string> MissingCaptureCapabilities(const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_
