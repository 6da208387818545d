// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SERVER_FACTS_H_
#define SERVER_SERVER_FACTS_H_

#include "dissectd/v1/server.pb.h"
#include "server/config.h"

namespace dissectd::server {

// Returns the daemon's part of GetServerInfo. The engine adds the rest.
v1::GetServerInfoResponse ServerFacts(const ServerConfig& config);

}  // namespace dissectd::server

#endif  // SERVER_SERVER_FACTS_H_
