// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_
#define SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_

#include <string>
#include <vector>

namespace dissectd::server {

// Returns the names (`CAP_NET_RAW`) of the capabilities that capturing needs
// and that the program at `path` lacks if this process runs it.
std::vector<std::string> MissingCaptureCapabilities(const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_CAPTURE_CAPABILITIES_H_
