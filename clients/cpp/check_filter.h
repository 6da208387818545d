// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_CHECK_FILTER_H_
#define CLIENTS_CPP_CHECK_FILTER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/channel.h"

namespace dissectd {

// Compiles a display filter. If it is wrong, the details of the error have the
// reason `DISPLAY_FILTER_INVALID`, and its place if libwireshark tells it.
absl::Status CheckFilter(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& filter);

}  // namespace dissectd

#endif  // CLIENTS_CPP_CHECK_FILTER_H_
