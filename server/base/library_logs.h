// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LIBRARY_LOGS_H_
#define SERVER_BASE_LIBRARY_LOGS_H_

namespace dissectd::server {

// Redirects the logs of gRPC and protobuf to the daemon's log. By default they
// write to standard error in their own formats. Call this before either is
// used.
void RedirectLibraryLogs();

}  // namespace dissectd::server

#endif  // SERVER_BASE_LIBRARY_LOGS_H_
