// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURES_COMMAND_H_
#define CLIENTS_CLI_CAPTURES_COMMAND_H_

#include <cstdint>
#include <memory>
#include <string>

#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Commands on existing live captures. `name` is the name of a capture, with or
// without `captures/`.

// `dissectctl captures`: prints all captures, one per line.
ExitCode RunCapturesList(const std::shared_ptr<grpc::Channel>& channel);

// `dissectctl captures get`: prints a capture and then its files, one per line.
ExitCode RunCapturesGet(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name);

// `dissectctl captures delete`: deletes a capture that has ended.
ExitCode RunCapturesDelete(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& name, bool delete_files);

// `dissectctl watch`: prints the events of a capture that follow event `after`,
// one per line, until the capture ends.
ExitCode RunWatch(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& name, uint64_t after);

// `dissectctl rates`: prints packets, bytes and top protocols of each interval
// of the given seconds, one per line, until the capture ends.
ExitCode RunRates(const std::shared_ptr<grpc::Channel>& channel,
                  const std::string& name, double interval, uint32_t top);

// `dissectctl stop`: ends a capture and prints its totals as tshark does.
ExitCode RunStop(const std::shared_ptr<grpc::Channel>& channel,
                 const std::string& name, bool kill);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURES_COMMAND_H_
