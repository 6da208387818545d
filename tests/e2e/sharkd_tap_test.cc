// SPDX-License-Identifier: GPL-2.0-or-later

// Asks the real sharkd for taps, and dissectd for the same: docs/sharkd.md says
// what corresponds.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/sharkd_fixture.h"

namespace dissectd {
namespace {

using nlohmann::json;

class SharkdTapTest : public SharkdTest {
 protected:
  void CompareConversations(const std::string& tap, const std::string& report);
  void CompareEndpoints(const std::string& tap, const std::string& report);
  void CompareTree(const std::string& name);
  void CompareSimpleTable(const std::string& name);
  void CompareSequence(const std::string& type, const std::string& report);
  void CompareFollow(const std::string& follower, const std::string& filter,
                     const v1::FollowStreamRequest& selection);

  v1::FollowStreamRequest StreamOf(uint32_t stream) const {
    v1::FollowStreamRequest request;
    SetSource(request.mutable_source());
    request.set_stream(stream);
    return request;
  }
};

std::string PortOf(const v1::Endpoint& endpoint) {
  return endpoint.has_port() ? absl::StrCat(endpoint.port()) : "";
}

std::string TextOf(const json& object, const char* key) {
  return object.value(key, std::string());
}

void SharkdTapTest::CompareConversations(const std::string& tap,
                                         const std::string& report) {
  const json theirs = sharkd_.Tap("conv:" + tap);
  // sharkd has the order of the capture, and dissectd that of tshark.
  std::map<std::string, v1::Conversation> ours;
  const v1::ConversationTable table = Run("conv," + report).conversations();
  for (const v1::Conversation& conversation : table.conversations()) {
    ours[conversation.display_filter()] = conversation;
  }
  ASSERT_EQ(ours.size(), theirs["convs"].size());
  EXPECT_FALSE(ours.empty());
  for (const json& expected : theirs["convs"]) {
    SCOPED_TRACE(expected.dump());
    const v1::Conversation& found = ours[TextOf(expected, "filter")];
    EXPECT_EQ(found.a().resolved_name(), expected["saddr"]);
    EXPECT_EQ(found.b().resolved_name(), expected["daddr"]);
    EXPECT_EQ(PortOf(found.a()), TextOf(expected, "sport"));
    EXPECT_EQ(PortOf(found.b()), TextOf(expected, "dport"));
    EXPECT_EQ(found.a_to_b().frames(), expected["txf"]);
    EXPECT_EQ(found.a_to_b().bytes(), expected["txb"]);
    EXPECT_EQ(found.b_to_a().frames(), expected["rxf"]);
    EXPECT_EQ(found.b_to_a().bytes(), expected["rxb"]);
    const double start = SecondsOf(found.start());
    EXPECT_NEAR(start, expected["start"], kRounded);
    EXPECT_NEAR(start + SecondsOf(found.duration()), expected["stop"],
                kRounded);
  }
}

void SharkdTapTest::CompareEndpoints(const std::string& tap,
                                     const std::string& report) {
  const json theirs = sharkd_.Tap("endpt:" + tap);
  std::map<std::string, v1::EndpointTraffic> ours;
  const v1::EndpointTable table = Run("endpoints," + report).endpoints();
  for (const v1::EndpointTraffic& endpoint : table.endpoints()) {
    ours[endpoint.display_filter()] = endpoint;
  }
  ASSERT_EQ(ours.size(), theirs["hosts"].size());
  EXPECT_FALSE(ours.empty());
  for (const json& expected : theirs["hosts"]) {
    SCOPED_TRACE(expected.dump());
    const v1::EndpointTraffic& found = ours[TextOf(expected, "filter")];
    EXPECT_EQ(found.endpoint().resolved_name(), expected["host"]);
    EXPECT_EQ(PortOf(found.endpoint()), TextOf(expected, "port"));
    EXPECT_EQ(found.sent().frames(), expected["txf"]);
    EXPECT_EQ(found.sent().bytes(), expected["txb"]);
    EXPECT_EQ(found.received().frames(), expected["rxf"]);
    EXPECT_EQ(found.received().bytes(), expected["rxb"]);
  }
}

TEST_F(SharkdTapTest, ConversationsAndEndpoints) {
  Open("http1.pcap.gz");
  CompareConversations("TCP", "tcp");
  CompareConversations("IPv4", "ip");
  CompareConversations("IPv6", "ipv6");
  CompareConversations("Ethernet", "eth");
  CompareEndpoints("TCP", "tcp");
  CompareEndpoints("IPv4", "ip");
  CompareEndpoints("IPv6", "ipv6");
  CompareEndpoints("Ethernet", "eth");
}

// A counter of a tree: depth, name, count and share.
using Counter = std::tuple<int, std::string, int64_t, std::string>;

std::string Share(double percent) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", percent);
  return text;
}

void AddCounters(const json& nodes, int depth, std::vector<Counter>* counters) {
  for (const json& node : nodes) {
    counters->emplace_back(depth, node["name"], node["count"],
                           node.contains("perc") ? Share(node["perc"]) : "");
    if (node.contains("sub")) AddCounters(node["sub"], depth + 1, counters);
  }
}

void SharkdTapTest::CompareTree(const std::string& name) {
  std::vector<Counter> theirs;
  AddCounters(sharkd_.Tap("stat:" + name)["stats"], 0, &theirs);
  std::vector<Counter> ours;
  const v1::StatsTree tree = Run(name + ",tree").stats_tree();
  ASSERT_EQ(static_cast<size_t>(tree.nodes_size()), theirs.size());
  EXPECT_FALSE(theirs.empty());
  for (size_t i = 0; i < theirs.size(); ++i) {
    const v1::StatsTreeNode& node = tree.nodes(static_cast<int>(i));
    // sharkd leaves shares out that nothing counts towards.
    const std::string share =
        std::get<3>(theirs[i]).empty() ? "" : Share(node.percent());
    ours.emplace_back(static_cast<int>(node.depth()), node.name(), node.count(),
                      share);
  }
  EXPECT_EQ(ours, theirs);
}

TEST_F(SharkdTapTest, TreesOfCounters) {
  Open("http1.pcap.gz");
  CompareTree("http");
  CompareTree("http_req");
  Open("telephony.pcap");
  CompareTree("rtsp");
}

std::string NumberOf(const v1::Cell& cell) {
  switch (cell.value_case()) {
    case v1::Cell::kUnsignedValue:
      return absl::StrCat(cell.unsigned_value());
    case v1::Cell::kSignedValue:
      return absl::StrCat(cell.signed_value());
    case v1::Cell::kDoubleValue:
      return absl::StrCat(cell.double_value());
    case v1::Cell::kStringValue:
      return cell.string_value();
    default:
      return "";
  }
}

std::string NumberOf(const json& value) {
  if (value.is_string()) return value;
  if (value.is_number_integer()) {
    return absl::StrCat(value.get<int64_t>());
  }
  return absl::StrCat(value.get<double>());
}

void SharkdTapTest::CompareSimpleTable(const std::string& name) {
  const json theirs = sharkd_.Tap("nstat:" + name)["tables"];
  const v1::ValueTables ours = Run(name).tables();
  ASSERT_EQ(static_cast<size_t>(ours.tables_size()), theirs.size());
  for (size_t i = 0; i < theirs.size(); ++i) {
    const v1::ValueTable& table = ours.tables(static_cast<int>(i));
    EXPECT_EQ(table.title(), theirs[i]["t"]);
    const json& rows = theirs[i]["i"];
    ASSERT_EQ(static_cast<size_t>(table.rows_size()), rows.size());
    EXPECT_FALSE(rows.empty());
    for (size_t row = 0; row < rows.size(); ++row) {
      const v1::ValueRow& found = table.rows(static_cast<int>(row));
      ASSERT_LE(static_cast<size_t>(found.cells_size()), rows[row].size());
      for (int cell = 0; cell < found.cells_size(); ++cell) {
        EXPECT_EQ(NumberOf(found.cells(cell)),
                  NumberOf(rows[row][static_cast<size_t>(cell)]))
            << rows[row].dump();
      }
    }
  }
}

TEST_F(SharkdTapTest, SimpleTables) {
  Open("telephony.pcap");
  CompareSimpleTable("dhcp,stat");
  CompareSimpleTable("h225,counter");
}

TEST_F(SharkdTapTest, ResponseTimes) {
  Open("telephony.pcap");
  const json theirs = sharkd_.Tap("srt:diameter")["tables"];
  const v1::ResponseTimeTables ours = Run("diameter,srt").response_times();
  ASSERT_EQ(ours.tables_size(), 1);
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_EQ(ours.tables(0).title(), theirs[0]["n"]);
  const json& rows = theirs[0]["r"];
  ASSERT_EQ(static_cast<size_t>(ours.tables(0).procedures_size()), rows.size());
  EXPECT_FALSE(rows.empty());
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::ProcedureTimes& found =
        ours.tables(0).procedures(static_cast<int>(i));
    EXPECT_EQ(found.name(), rows[i]["n"]);
    EXPECT_EQ(found.calls(), rows[i]["num"]);
    EXPECT_NEAR(SecondsOf(found.minimum()), rows[i]["min"], kRounded);
    EXPECT_NEAR(SecondsOf(found.maximum()), rows[i]["max"], kRounded);
    EXPECT_NEAR(SecondsOf(found.sum()), rows[i]["tot"], kRounded);
  }
}

// Neither has a row for what didn't occur.
TEST_F(SharkdTapTest, ResponseDelays) {
  Open("telephony.pcap");
  EXPECT_TRUE(sharkd_.Tap("rtd:radius")["stats"].empty());
  const v1::ValueTables ours = Run("radius,rtd").tables();
  for (const v1::ValueTable& table : ours.tables()) {
    EXPECT_EQ(table.rows_size(), 0) << table.title();
  }
}

void SharkdTapTest::CompareSequence(const std::string& type,
                                    const std::string& report) {
  const json theirs = sharkd_.Tap("seqa:" + type);
  const v1::SequenceDiagram ours = Run(report).sequence();
  std::vector<std::string> nodes(ours.nodes().begin(), ours.nodes().end());
  EXPECT_EQ(nodes, theirs["nodes"].get<std::vector<std::string>>());
  ASSERT_EQ(static_cast<size_t>(ours.items_size()), theirs["flows"].size());
  EXPECT_GT(ours.items_size(), 0);
  for (int i = 0; i < ours.items_size(); ++i) {
    const json& expected = theirs["flows"][static_cast<size_t>(i)];
    SCOPED_TRACE(expected.dump());
    const v1::SequenceItem& item = ours.items(i);
    EXPECT_EQ(item.time(), expected["t"]);
    EXPECT_EQ(item.from_node(), expected["n"][0]);
    EXPECT_EQ(item.to_node(), expected["n"][1]);
    EXPECT_EQ(item.from_port(), expected["pn"][0]);
    EXPECT_EQ(item.to_port(), expected["pn"][1]);
    EXPECT_EQ(item.comment(), expected["c"]);
  }
}

TEST_F(SharkdTapTest, SequenceDiagrams) {
  Open("http1.pcap.gz");
  CompareSequence("tcp", "flow,tcp,standard");
  Open("ipv6.pcap");
  CompareSequence("icmpv6", "flow,icmpv6,standard");
}

// An enumeration's name without its beginning, as sharkd writes it.
std::string Word(const std::string& name, const std::string& beginning) {
  return absl::AsciiStrToLower(absl::StrReplaceAll(name, {{beginning, ""}}));
}

// sharkd has a line for each occurrence, the last one first; dissectd counts.
TEST_F(SharkdTapTest, ExpertInformation) {
  Open("http1.pcap.gz");
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, std::pair<uint32_t, uint32_t>> theirs;
  const json details = sharkd_.Tap("expert")["details"];
  for (const json& item : details) {
    auto& [count, first] = theirs[{absl::AsciiStrToLower(TextOf(item, "s")),
                                   absl::AsciiStrToLower(TextOf(item, "g")),
                                   item["p"], item["m"]}];
    ++count;
    first = item["f"];
  }
  std::map<Key, std::pair<uint32_t, uint32_t>> ours;
  const v1::ExpertTable table = Run("expert").expert();
  for (const v1::ExpertEntry& entry : table.entries()) {
    ours[{Word(v1::Severity_Name(entry.severity()), "SEVERITY_"),
          Word(v1::ExpertGroup_Name(entry.group()), "EXPERT_GROUP_"),
          entry.protocol(), entry.summary()}] = {entry.frequency(),
                                                 entry.first_frame()};
  }
  EXPECT_FALSE(theirs.empty());
  EXPECT_EQ(ours, theirs);
}

TEST_F(SharkdTapTest, RtpStreams) {
  Open("telephony.pcap");
  const json theirs = sharkd_.Tap("rtp-streams")["streams"];
  ASSERT_EQ(theirs.size(), 2u);
  const v1::ValueTable table = Run("rtp,streams").tables().tables(0);
  ASSERT_EQ(static_cast<size_t>(table.rows_size()), theirs.size());
  for (size_t i = 0; i < theirs.size(); ++i) {
    std::map<std::string, v1::Cell> cells;
    const v1::ValueRow& row = table.rows(static_cast<int>(i));
    for (int column = 0; column < row.cells_size(); ++column) {
      cells[table.columns(column)] = row.cells(column);
    }
    EXPECT_EQ(cells["Source"].string_value(), theirs[i]["saddr"]);
    EXPECT_EQ(cells["Source port"].unsigned_value(), theirs[i]["sport"]);
    EXPECT_EQ(cells["Destination"].string_value(), theirs[i]["daddr"]);
    EXPECT_EQ(cells["Destination port"].unsigned_value(), theirs[i]["dport"]);
    EXPECT_EQ(cells["SSRC"].unsigned_value(), theirs[i]["ssrc"]);
    EXPECT_EQ(cells["Payload"].string_value(), theirs[i]["payload"]);
    EXPECT_EQ(cells["Packets"].unsigned_value(), theirs[i]["pkts"]);
    EXPECT_NEAR(cells["Max delta (ms)"].double_value(), theirs[i]["max_delta"],
                kRounded);
    EXPECT_NEAR(cells["Max jitter (ms)"].double_value(),
                theirs[i]["max_jitter"], kRounded);
    EXPECT_NEAR(cells["Mean jitter (ms)"].double_value(),
                theirs[i]["mean_jitter"], kRounded);
  }
}

void SharkdTapTest::CompareFollow(const std::string& follower,
                                  const std::string& filter,
                                  const v1::FollowStreamRequest& selection) {
  const json theirs =
      sharkd_.Ask("follow", {{"follow", follower}, {"filter", filter}});
  v1::FollowStreamRequest request = selection;
  request.set_follower(follower);
  grpc::ClientContext context;
  const auto reader = analysis_->FollowStream(&context, request);
  v1::FollowStreamResponse message;
  v1::FollowedStream header;
  std::vector<std::tuple<uint32_t, std::string, bool>> ours;
  while (reader->Read(&message)) {
    if (message.has_header()) header = message.header();
    if (!message.has_chunk()) continue;
    const v1::StreamChunk& chunk = message.chunk();
    ours.emplace_back(chunk.frame_number(), absl::Base64Escape(chunk.data()),
                      chunk.from_server());
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  std::vector<std::tuple<uint32_t, std::string, bool>> expected;
  for (const json& payload : theirs["payloads"]) {
    expected.emplace_back(payload["n"], payload["d"], payload.contains("s"));
  }
  EXPECT_FALSE(ours.empty());
  EXPECT_EQ(ours, expected);
  // Only here does sharkd call the client the server.
  EXPECT_EQ(header.client_bytes(), theirs["sbytes"]);
  EXPECT_EQ(header.server_bytes(), theirs["cbytes"]);
}

TEST_F(SharkdTapTest, FollowedStreams) {
  Open("http1.pcap.gz");
  CompareFollow("TCP", "tcp.stream==0", StreamOf(0));
  CompareFollow("HTTP", "tcp.stream==0", StreamOf(0));
  Open("http2-tls-dsb.pcapng");
  CompareFollow("TLS", "tcp.stream==0", StreamOf(0));
  Open("dns.pcap");
  CompareFollow("UDP", "udp.stream==0", StreamOf(0));
}

TEST_F(SharkdTapTest, ExportedObjects) {
  Open("http1.pcap.gz");
  const json theirs = sharkd_.Tap("eo:http")["objects"];
  v1::ReadExportObjectsRequest request;
  SetSource(request.mutable_source());
  request.set_type("http");
  grpc::ClientContext context;
  const auto reader = analysis_->ReadExportObjects(&context, request);
  v1::ReadExportObjectsResponse message;
  std::vector<v1::ExportObject> objects;
  std::vector<std::string> contents;
  while (reader->Read(&message)) {
    if (message.has_object()) {
      objects.push_back(message.object());
      contents.emplace_back();
    }
    if (message.has_chunk()) contents.back() += message.chunk();
  }
  EXPECT_TRUE(reader->Finish().ok());
  ASSERT_EQ(objects.size(), theirs.size());
  EXPECT_FALSE(objects.empty());
  for (size_t i = 0; i < objects.size(); ++i) {
    EXPECT_EQ(objects[i].frame_number(), theirs[i]["pkt"]);
    EXPECT_EQ(objects[i].host(), theirs[i]["hostname"]);
    EXPECT_EQ(objects[i].content_type(), theirs[i]["type"]);
    EXPECT_EQ(objects[i].file_name(), theirs[i]["filename"]);
    EXPECT_EQ(objects[i].size_bytes(), theirs[i]["len"]);
    const json download =
        sharkd_.Ask("download", {{"token", theirs[i]["_download"]}});
    EXPECT_EQ(absl::Base64Escape(contents[i]), download["data"]);
  }
}

}  // namespace
}  // namespace dissectd
