// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/server_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;

std::string NameOf(absl::string_view text) {
  const absl::StatusOr<ServerAddress> address = ParseServerAddress(text);
  return address.ok() ? address->name : std::string(address.status().message());
}

TEST(ServerAddressTest, APortIsNeverNeeded) {
  EXPECT_EQ(NameOf("localhost"), "localhost:50051");
  EXPECT_EQ(NameOf("localhost:"), "localhost:50051");
  EXPECT_EQ(NameOf("192.0.2.1"), "192.0.2.1:50051");
  EXPECT_EQ(NameOf("2001:db8::1"), "[2001:db8::1]:50051");
  EXPECT_EQ(NameOf("[2001:db8::1]"), "[2001:db8::1]:50051");
  EXPECT_EQ(NameOf("sniffer.example.org:7"), "sniffer.example.org:7");
  EXPECT_EQ(NameOf("[2001:db8::1]:7"), "[2001:db8::1]:7");
}

TEST(ServerAddressTest, AHostIsThisMachineIfThereIsNone) {
  EXPECT_EQ(NameOf(":7"), "localhost:7");
  EXPECT_EQ(NameOf(""), "localhost:50051");
}

TEST(ServerAddressTest, AUrlIsTakenForItsHostAndPort) {
  EXPECT_EQ(NameOf("http://localhost:7"), "localhost:7");
  EXPECT_EQ(NameOf("http://localhost:7/"), "localhost:7");
  EXPECT_EQ(NameOf("http://localhost"), "localhost:50051");
  EXPECT_EQ(NameOf("https://localhost:7"), "localhost:7");
  EXPECT_EQ(NameOf("tcp://[::1]:7"), "[::1]:7");
}

TEST(ServerAddressTest, PathsAndTargetsOfGrpcAreTaken) {
  EXPECT_EQ(NameOf("/run/dissectd/socket"), "unix:/run/dissectd/socket");
  EXPECT_EQ(NameOf("unix:/run/dissectd/socket"), "unix:/run/dissectd/socket");
  EXPECT_EQ(NameOf("unix:///run/socket"), "unix:///run/socket");
  EXPECT_EQ(NameOf("dns:///host:7"), "dns:///host:7");
  EXPECT_EQ(NameOf("ipv4:127.0.0.1:7"), "ipv4:127.0.0.1:7");
}

TEST(ServerAddressTest, AnythingElseIsNamed) {
  EXPECT_THAT(NameOf("localhost:http"), HasSubstr("\"http\" isn't a port"));
  EXPECT_THAT(NameOf("localhost:0"), HasSubstr("\"0\" isn't a port"));
  EXPECT_THAT(NameOf("localhost:65536"), HasSubstr("\"65536\" isn't a port"));
  EXPECT_THAT(NameOf("http://localhost:7/path"),
              HasSubstr("\"7/path\" isn't a port"));
  EXPECT_THAT(NameOf("a b"), HasSubstr("\"a b\" isn't a host"));
  EXPECT_THAT(NameOf("ftp://host"), HasSubstr("isn't the address"));
  EXPECT_THAT(NameOf("unix:"), HasSubstr("the path is missing"));
  EXPECT_THAT(NameOf("unix://"), HasSubstr("the path is missing"));
  EXPECT_THAT(NameOf("/" + std::string(107, 'a')),
              HasSubstr("the path has more than 107 bytes"));
  EXPECT_EQ(NameOf("/" + std::string(106, 'a')),
            "unix:/" + std::string(106, 'a'));
}

TEST(ServerAddressTest, TheTargetIsTheNameIfItResolves) {
  const absl::StatusOr<ServerAddress> address =
      ParseServerAddress("192.0.2.1:7");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address->target, "192.0.2.1:7");
}

}  // namespace
}  // namespace dissectd::cli
