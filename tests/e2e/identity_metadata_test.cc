// SPDX-License-Identifier: GPL-2.0-or-later

// Sends metadata that gRPC's own clients refuse to send.

#include <gtest/gtest.h>

#include <string>

#include "tests/e2e/any_metadata.h"
#include "tests/e2e/daemon_process.h"

namespace dissectd {
namespace {

constexpr char kMethod[] = "/dissectd.v1.ServerService/GetServerInfo";
constexpr char kOk[] = "0";
constexpr char kUnauthenticated[] = "16";

// The hash that `printf secret | sha256sum` prints.
constexpr char kTokens[] =
    "alice sha256:"
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\n";

class IdentityMetadataTest : public testing::Test {
 protected:
  IdentityMetadataTest() { folder_.Write("tokens", kTokens); }

  static std::string Call(const DaemonProcess& daemon,
                          const Metadata& metadata) {
    return CallWithAnyMetadata(
        daemon.address().substr(std::string("unix:").size()), kMethod,
        metadata);
  }

  const TemporaryFolder folder_;
};

TEST_F(IdentityMetadataTest, NoBytesMakeAWrongTokenRight) {
  using std::string_literals::operator""s;
  const DaemonProcess daemon({"--token-file=" + folder_.path() + "/tokens",
                              "--policy=deploy/policy/everyone.json"});
  ASSERT_EQ(Call(daemon, {{"authorization", "Bearer secret"}}), kOk);
  ASSERT_EQ(Call(daemon, {}), kUnauthenticated);
  for (const std::string& value :
       {"Bearer secret\0"s, "Bearer sec\0ret"s, "\0Bearer secret"s,
        "Bearer secret\r\n"s, "Bearer secret\r\nx: y"s, "Bearer \xff\xfe"s,
        "Bearer secret\xc3\xa4"s, "Bearer\tsecret"s, " Bearer secret"s,
        "Bearer secret "s, "\x7f"s}) {
    EXPECT_NE(Call(daemon, {{"authorization", value}}), kOk) << value;
    // The name of a header is in lower case.
    EXPECT_NE(Call(daemon, {{"Authorization", "Bearer secret"}}), kOk);
    EXPECT_NE(Call(daemon, {{"authorization", "Bearer secret"},
                            {"authorization", value}}),
              kOk)
        << value;
  }
  EXPECT_EQ(Call(daemon, {{"authorization", "Bearer secret"}}), kOk);
}

}  // namespace
}  // namespace dissectd
