// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LIBRARY_LOGS_H_
#define SERVER_BASE_LIBRARY_LOGS_H_

namespace dissectd::server {

// Puts what gRPC and protobuf log into the daemon's own log. By themselves they
// write to standard error, in formats of their own. Call before either is used.
void RedirectLibraryLogs();

}  // namespace dissectd::server

#endif  // SERVER_BASE_LIBRARY_LOGS_H_
