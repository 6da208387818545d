// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CRASH_TEXT_H_
#define CLIENTS_CLI_CRASH_TEXT_H_

#include <string>

#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Returns the message about a frame that crashed the daemon's process.
std::string CrashText(const v1::Crash& crash);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CRASH_TEXT_H_
