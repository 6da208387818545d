// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/wireshark_release.h"

#include <gtest/gtest.h>

#include "dissectd/v1/server.grpc.pb.h"

namespace dissectd {

std::string WiresharkRelease(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  if (info.engines().empty()) return "";
  const std::string& version = info.engines(0).wireshark_version();
  return version.substr(0, version.rfind('.'));
}

}  // namespace dissectd
