// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_FILES_H_
#define CLIENTS_CLI_CAPTURE_FILES_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Calls `use` with each file of a capture, given by its resource name.
grpc::Status ForEachCaptureFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& capture,
    const std::function<void(const v1::CaptureFile&)>& use);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_FILES_H_
