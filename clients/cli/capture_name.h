// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_NAME_H_
#define CLIENTS_CLI_CAPTURE_NAME_H_

#include <functional>
#include <memory>
#include <string>

#include "clients/cli/stored_file.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Makes a call on the capture that the user names `name`, with or without
// `captures/` in front. `call` gets the resource name. If there is no such
// capture, those are looked for whose name begins so, or that have a file of
// that name; `call` is called a second time if there is only one and
// `short_names` allows it. Returns the status of the last call; its message has
// the names of similar captures if there is none of that name.
grpc::Status CallOnCapture(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
    ShortNames short_names,
    const std::function<grpc::Status(const std::string& resource)>& call);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_NAME_H_
