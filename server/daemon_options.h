// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_DAEMON_OPTIONS_H_
#define SERVER_DAEMON_OPTIONS_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "server/config.h"

namespace dissectd::server {

// Returns the definition of the daemon's options. Parsing sets `config` and
// `log_format`, which are not owned and outlive the definition.
std::unique_ptr<CLI::App> MakeDaemonOptions(ServerConfig* config,
                                            std::string* log_format);

}  // namespace dissectd::server

#endif  // SERVER_DAEMON_OPTIONS_H_
