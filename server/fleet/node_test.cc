// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node.h"

#include <gmock/gmock.h>
#include <grpcpp/test/client_context_test_peer.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/fleet/nodes.h"

namespace dissectd::server {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

class NodeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto credentials = NodeCredentials::Load({});
    ASSERT_TRUE(credentials.ok()) << credentials.status();
    credentials_ = *std::move(credentials);
    caller_.request_id = "id";
    caller_.deadline = system_clock::time_point::max();
  }

  // Returns the metadata of a call for the caller.
  std::multimap<std::string, std::string> Metadata() {
    const Node node({"a", "192.0.2.1:1"}, credentials_.get());
    const auto context = node.ContextFor(caller_);
    return grpc::testing::ClientContextTestPeer(context.get())
        .GetSendInitialMetadata();
  }

  std::unique_ptr<NodeCredentials> credentials_;
  CallInfo caller_;
};

TEST_F(NodeTest, AnIdentifiedCallerIsNamedWithItsWholeIdAndItsGroups) {
  caller_.principal = {"token:alice", Authentication::kToken, {"lab", "ops"}};
  EXPECT_THAT(Metadata(), Contains(Pair("x-dissectd-caller", "token:alice")));
  EXPECT_THAT(Metadata(), Contains(Pair("x-dissectd-groups", "lab,ops")));
  EXPECT_THAT(Metadata(), Contains(Pair("x-request-id", "id")));
  caller_.principal = {"proxy:token:alice", Authentication::kProxy, {}};
  EXPECT_THAT(Metadata(),
              Contains(Pair("x-dissectd-caller", "proxy:token:alice")));
  EXPECT_THAT(Metadata(), Not(Contains(Key("x-dissectd-groups"))));
}

TEST_F(NodeTest, AGroupThatLooksLikeSeveralIsNotNamed) {
  caller_.principal = {
      "jwt:mallory", Authentication::kJwt, {"lab,admins", "two words", "lab"}};
  EXPECT_THAT(Metadata(), Contains(Pair("x-dissectd-groups", "lab")));
}

TEST_F(NodeTest, AnUnidentifiedCallerIsNotNamed) {
  EXPECT_THAT(Metadata(), Not(Contains(Key("x-dissectd-caller"))));
  EXPECT_THAT(Metadata(), Not(Contains(Key("authorization"))));
}

TEST_F(NodeTest, TheNearerDeadlineCounts) {
  const Node node({"a", "192.0.2.1:1"}, credentials_.get());
  const system_clock::time_point now = system_clock::now();
  caller_.deadline = now + seconds(5);
  EXPECT_LE(node.ContextFor(caller_, now + seconds(9))->deadline(),
            now + seconds(6));
  EXPECT_LE(node.ContextFor(caller_, now + seconds(2))->deadline(),
            now + seconds(3));
}

TEST_F(NodeTest, NodesThatStayAreKept) {
  Nodes nodes(credentials_.get());
  int changes = 0;
  nodes.changes()->Add([&changes] { ++changes; });
  nodes.Set({{"a", "192.0.2.1:1"}, {"b", "192.0.2.2:1"}});
  const Nodes::List before = nodes.All();
  ASSERT_EQ(before.size(), 2u);
  nodes.Set({{"a", "192.0.2.1:1"}, {"b", "192.0.2.3:1"}});
  const Nodes::List after = nodes.All();
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_TRUE(before[0]->is_current());
  EXPECT_FALSE(before[1]->is_current());
  EXPECT_EQ(changes, 2);
}

TEST_F(NodeTest, NodesAreSelectedByName) {
  Nodes nodes(credentials_.get());
  nodes.Set({{"a", "192.0.2.1:1"}, {"b", "192.0.2.2:1"}});
  const auto count = [&nodes](const std::vector<std::string>& names) {
    const auto selected = nodes.Select({names.begin(), names.end()});
    return selected.ok() ? static_cast<int>(selected->size()) : -1;
  };
  EXPECT_EQ(count({}), 2);
  EXPECT_EQ(count({"nodes/-"}), 2);
  EXPECT_EQ(count({"nodes/b", "nodes/b"}), 1);
  EXPECT_EQ(count({"nodes/c"}), -1);
  EXPECT_EQ(count({"b"}), -1);
}

}  // namespace
}  // namespace dissectd::server
