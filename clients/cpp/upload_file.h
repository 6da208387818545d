// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_UPLOAD_FILE_H_
#define CLIENTS_CPP_UPLOAD_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"

namespace dissectd {

// Uploads a file of this machine, and returns its resource name in the daemon's
// store, where it stays until it is deleted.
absl::StatusOr<std::string> UploadFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& path);

}  // namespace dissectd

#endif  // CLIENTS_CPP_UPLOAD_FILE_H_
