// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_ANY_METADATA_H_
#define TESTS_E2E_ANY_METADATA_H_

#include <string>

#include "tests/e2e/raw_call.h"

namespace dissectd {

// Calls a unary method with an empty request over a new connection to a Unix
// socket, with metadata that gRPC's own clients refuse to send. Returns the
// status code as its digits, or nothing if the daemon closes the connection or
// the stream without one.
std::string CallWithAnyMetadata(const std::string& socket,
                                const std::string& method,
                                const Metadata& metadata);

}  // namespace dissectd

#endif  // TESTS_E2E_ANY_METADATA_H_
