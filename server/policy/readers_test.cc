// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

using ::testing::HasSubstr;

absl::Status Check(const std::vector<std::string>& readers) {
  return CheckReaders({readers.begin(), readers.end()});
}

TEST(ReadersTest, ArePrincipalsGroupsOrEveryone) {
  EXPECT_TRUE(Check({}).ok());
  EXPECT_TRUE(Check({"*"}).ok());
  EXPECT_TRUE(Check({"token:alice", "jwt:auth0|5f", "certificate:spiffe://a/b",
                     "unix:0", "unix:4294967294", "group:lab/eu"})
                  .ok());
}

TEST(ReadersTest, ANameWithoutAKindIsRefusedWithTheKinds) {
  const absl::Status status = Check({"token:bob", "alice"});
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(FailureOf(status).reason(), "READERS_INVALID");
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("\"alice\" has no kind; write token:NAME, "));
  for (const char* wrong : {"", "group:", "unix:bob", "tok*", "token:a b"}) {
    EXPECT_EQ(FailureOf(Check({wrong})).reason(), "READERS_INVALID") << wrong;
  }
}

TEST(ReadersTest, TheirNumberAndLengthAreLimited) {
  EXPECT_TRUE(Check(std::vector<std::string>(100, "token:a")).ok());
  EXPECT_FALSE(Check(std::vector<std::string>(101, "token:a")).ok());
  EXPECT_FALSE(Check({"token:" + std::string(300, 'a')}).ok());
}

}  // namespace
}  // namespace dissectd::server
