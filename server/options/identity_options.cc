// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {

void AddIdentityOptions(CLI::App*, IdentityConfig*) {}

}  // namespace dissectd::server
