// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PREFERENCE_REPORTS_H_
#define CLIENTS_CLI_PREFERENCE_REPORTS_H_

#include <memory>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Prints what `tshark -G defaultprefs` does.
grpc::Status PrintDefaultPreferences(
    const std::shared_ptr<grpc::Channel>& channel);

// Prints what `tshark -G currentprefs` does for the daemon's profile.
grpc::Status PrintCurrentPreferences(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PREFERENCE_REPORTS_H_
