// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_OPTIONS_H_
#define SERVER_FLEET_FLEET_OPTIONS_H_

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "server/fleet/fleet_config.h"

namespace dissectd::server {

// Returns the definition of the options of dissectd-fleet. Parsing sets
// `config` and `log_format`, which are not owned and outlive the definition.
std::unique_ptr<CLI::App> MakeFleetOptions(FleetConfig* config,
                                           std::string* log_format);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_OPTIONS_H_
