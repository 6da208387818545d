// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DUMPCAP_EXECUTE_PERMISSION_H_
#define SERVER_DUMPCAP_EXECUTE_PERMISSION_H_

#include <string>

namespace dissectd::server {

// Returns why this process may not execute the program at `path`, and what to
// do about it, as sentences that follow a colon.
std::string WhyNotExecutable(const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_DUMPCAP_EXECUTE_PERMISSION_H_
