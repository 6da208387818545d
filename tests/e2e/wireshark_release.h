// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_WIRESHARK_RELEASE_H_
#define TESTS_E2E_WIRESHARK_RELEASE_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace dissectd {

// Returns the version of Wireshark that a daemon's first engine has, without
// the last number: "4.0" or "4.4". For tests about what differs.
std::string WiresharkRelease(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd

#endif  // TESTS_E2E_WIRESHARK_RELEASE_H_
