// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/node_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/fleet/node_names.h"

namespace dissectd::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(NodeListTest, NodesHaveTheirNameOrTheirHost) {
  const auto nodes = ParseNodeList(
      "# the racks\n"
      "rack-1  192.0.2.1:50051\r\n"
      "\n"
      "\tweb.example:50051\n"
      "[2001:db8::1]:50051\n"
      "local unix:/run/dissectd/socket");
  ASSERT_TRUE(nodes.ok()) << nodes.status();
  EXPECT_THAT(*nodes,
              ElementsAre(NodeAddress{"rack-1", "192.0.2.1:50051"},
                          NodeAddress{"web.example", "web.example:50051"},
                          NodeAddress{"2001:db8::1", "[2001:db8::1]:50051"},
                          NodeAddress{"local", "unix:/run/dissectd/socket"}));
}

TEST(NodeListTest, ErrorsNameTheLine) {
  const auto error = [](const char* text) {
    return std::string(ParseNodeList(text).status().message());
  };
  EXPECT_THAT(error("a 192.0.2.1:1\n\nb"),
              HasSubstr("line 3: \"b\" is neither"));
  EXPECT_THAT(error("a/b 192.0.2.1:1"), HasSubstr("line 1: \"a/b\" can't be"));
  EXPECT_THAT(error("a 192.0.2.1:1 2"), HasSubstr("line 1: a line is NAME"));
  EXPECT_THAT(error("a 192.0.2.1:1\na 192.0.2.2:1"),
              HasSubstr("line 2: there is another node"));
  EXPECT_THAT(error("- 192.0.2.1:1"), HasSubstr("\"-\" can't be the name"));
}

TEST(NodeListTest, DnsFindsAllAddressesOfAHost) {
  const auto nodes = FindNodesInDns("localhost:50051");
  ASSERT_TRUE(nodes.ok()) << nodes.status();
  EXPECT_THAT(*nodes,
              testing::Contains(NodeAddress{"127.0.0.1", "127.0.0.1:50051"}));
  EXPECT_FALSE(FindNodesInDns("none.invalid:50051").ok());
  EXPECT_FALSE(FindNodesInDns("srv:_dissectd._tcp.none.invalid").ok());
}

TEST(NodeListTest, QueriesForDnsAreChecked) {
  EXPECT_EQ(CheckDnsQuery("agents.example:50051"), "");
  EXPECT_EQ(CheckDnsQuery("srv:_dissectd._tcp.example"), "");
  for (const char* wrong :
       {"", "agents.example", ":50051", "host:", "srv:", "srv:name:50051"}) {
    EXPECT_NE(CheckDnsQuery(wrong), "") << wrong;
  }
}

TEST(NodeNamesTest, NamesOfNodesAndTheirCapturesAreParsed) {
  EXPECT_EQ(*ParseNodeName("nodes/2001:db8::1"), "2001:db8::1");
  for (const char* wrong :
       {"", "nodes/", "nodes/-", "nodes/a/b", "node/a", "nodes/a b"}) {
    EXPECT_FALSE(ParseNodeName(wrong).ok()) << wrong;
  }
  const std::string id = "0123456789abcdef0123456789abcdef";
  const auto name = ParseNodeCaptureName("nodes/a/captures/" + id);
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->node, "a");
  EXPECT_EQ(name->capture, "captures/" + id);
  EXPECT_EQ(NodeCaptureNameOf(name->node, name->capture),
            "nodes/a/captures/" + id);
  for (const std::string& wrong :
       {std::string("nodes/a"), "captures/" + id,
        std::string("nodes/a/captures/"), "nodes/a/captures/" + id + "/x",
        "nodes/-/captures/" + id}) {
    EXPECT_FALSE(ParseNodeCaptureName(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace dissectd::server
