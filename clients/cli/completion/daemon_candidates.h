// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_DAEMON_CANDIDATES_H_
#define CLIENTS_CLI_COMPLETION_DAEMON_CANDIDATES_H_

#include <memory>
#include <string>

#include "clients/cli/completion/candidates.h"
#include "clients/cli/completion/value_source.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Asks the daemon what may follow `typed` in a value of this kind. Makes at
// most one call, and waits at most a second. Returns nothing if that fails, or
// if the source isn't the daemon.
Candidates DaemonCandidates(const std::shared_ptr<grpc::Channel>& channel,
                            ValueSource source, const std::string& typed);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_DAEMON_CANDIDATES_H_
