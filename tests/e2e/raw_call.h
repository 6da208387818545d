// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_RAW_CALL_H_
#define TESTS_E2E_RAW_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dissectd {

// Pairs of names and values.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// Calls a unary method by name with a serialised request, for services whose
// generated code is not available.
grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method, const std::string& request,
                     std::string* response, const Metadata& metadata = {});

}  // namespace dissectd

#endif  // TESTS_E2E_RAW_CALL_H_
