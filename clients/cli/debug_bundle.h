// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DEBUG_BUNDLE_H_
#define CLIENTS_CLI_DEBUG_BUNDLE_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"

namespace dissectd::cli {

// What a daemon tells about itself, as a JSON document for a report.
struct DebugBundle {
  std::string json;
  // The parts that are in it.
  std::vector<std::string> parts;
  // Parts that the daemon didn't give, for the same reason. The document has
  // the reasons as well.
  struct Failure {
    std::vector<std::string> parts;
    std::string text;
  };
  std::vector<Failure> failures;
};

// Asks the daemon for each part. A part that fails or takes too long doesn't
// keep the others out.
DebugBundle CollectDebugBundle(const std::shared_ptr<grpc::Channel>& channel);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DEBUG_BUNDLE_H_
