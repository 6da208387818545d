// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_RAW_CALL_H_
#define TESTS_E2E_RAW_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

namespace dissectd {

// Calls a method by its name and with bytes as its message, for services whose
// generated code isn't at hand. One request, one response.
grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& method, const std::string& request,
                     std::string* response);

}  // namespace dissectd

#endif  // TESTS_E2E_RAW_CALL_H_
