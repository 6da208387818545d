// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PREFERENCE_REPORTS_H_
#define CLIENTS_CLI_PREFERENCE_REPORTS_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Prints what `tshark -G defaultprefs` does.
grpc::Status PrintDefaultPreferences(
    const std::shared_ptr<grpc::Channel>& channel);

// Prints what `tshark -G currentprefs` does for a profile of the daemon's
// machine; if it has no name, for that of the daemon.
grpc::Status PrintCurrentPreferences(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& profile);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PREFERENCE_REPORTS_H_
