// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the reports about conversations, endpoints, protocols, expert
// information, hosts and credentials: their texts are those of tshark, and
// their tables have the numbers that tshark's fields have.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/report_client.h"
#include "tests/e2e/wireshark_release.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReportTableTest : public ::testing::Test {
 protected:
  ReportTableTest() : channel_(daemon_.Connect()) {}

  // Puts a capture of this project into the store.
  std::string Store(const std::string& name) const {
    const std::string bytes = ContentsOf("tests/captures/" + name);
    EXPECT_FALSE(bytes.empty()) << name;
    return Store(name, bytes);
  }
  std::string Store(const std::string& name, const std::string& bytes) const {
    daemon_.store().Write(name, bytes);
    return name;
  }

  ReportAnswer Run(const std::string& file,
                   const std::vector<std::string>& reports,
                   const v1::DissectionOptions& options = {},
                   bool text = true) const {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file("files/" + file);
    *request.mutable_source()->mutable_options() = options;
    request.set_text(text);
    return RunReports(channel_, request, reports);
  }

  // Returns the output of tshark with options, in the folder of the store.
  std::string Tshark(const std::string& file,
                     const std::vector<std::string>& options) const {
    std::string command = "cd '" + daemon_.store().path() +
                          "' && TZ=UTC tshark -r '" + file + "'";
    for (const std::string& option : options) command += " '" + option + "'";
    return RunCommand(command + " 2>/dev/null").text;
  }

  // Compares the texts of reports with those of tshark.
  void ExpectTexts(const std::string& file,
                   const std::vector<std::string>& reports,
                   const std::vector<std::string>& tshark_options,
                   const v1::DissectionOptions& options) const {
    const ReportAnswer answer = Run(file, reports, options);
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    std::vector<std::string> arguments = tshark_options;
    arguments.emplace_back("-q");
    for (const std::string& report : reports) {
      arguments.emplace_back("-z");
      arguments.push_back(report);
    }
    EXPECT_EQ(answer.Texts(), Tshark(file, arguments)) << file;
  }

  DaemonProcess daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

constexpr const char* kTables[] = {
    "bluetooth", "dccp", "eth", "fc",   "fddi", "ip",       "ipv6",
    "ipx",       "jxta", "ncp", "sll",  "rsvp", "sctp",     "tcp",
    "tr",        "udp",  "usb", "wlan", "wpan", "zbee_nwk", "opensafety"};

TEST_F(ReportTableTest, TextsAreThoseOfTshark) {
  std::vector<std::string> reports = {
      "conv,mptcp",         "io,phs",           "io,phs,udp", "conv,tcp,",
      "conv,ip,ip.ttl > 1", "endpoints,udp,dns"};
  for (const std::string table : kTables) {
    reports.push_back("conv," + table);
    reports.push_back("endpoints," + table);
  }
  v1::DissectionOptions dated;
  dated.set_two_pass(true);
  dated.set_time_zone("UTC");
  dated.mutable_timestamp_format()->set_type(
      v1::TIMESTAMP_TYPE_ABSOLUTE_WITH_YMD);
  for (const char* name :
       {"dns.pcap", "raw-ip-lossy.pcap", "wifi.pcap", "ieee802154.pcap",
        "zigbee.pcap", "cut-short.pcap", "cooked-any.pcap", "empty.pcap"}) {
    const std::string file = Store(name);
    ExpectTexts(file, reports, {}, {});
    ExpectTexts(file, reports, {"-2", "-t", "ad"}, dated);
  }
}

// tshark has one level for all reports about expert information.
TEST_F(ReportTableTest, TheLastLevelIsThatOfAllReportsAboutExpertInformation) {
  const std::string file = Store("raw-ip-lossy.pcap");
  const std::vector<std::vector<std::string>> runs = {
      {"expert"},
      {"expert,NOTE,tcp"},
      {"expert,warnings"},
      {"expert,chat", "expert,error"},
      {"expert,note", "expert", "expertx,ip.ttl > 1"}};
  for (const std::vector<std::string>& reports : runs) {
    ExpectTexts(file, reports, {}, {});
  }
  EXPECT_THAT(Run(file, {"expert,chat", "expert,error"}).Texts(), IsEmpty());
}

TEST_F(ReportTableTest, ConversationsHaveTheTrafficOfEachDirection) {
  const std::string file = Store("dns.pcap");
  const ReportAnswer answer = Run(file, {"conv,ip", "conv,udp"});
  std::map<std::pair<std::string, std::string>, v1::Traffic> expected;
  std::istringstream lines(
      Tshark(file, {"-Y", "ip", "-T", "fields", "-e", "ip.src", "-e", "ip.dst",
                    "-e", "frame.len"}));
  std::string from;
  std::string to;
  uint64_t length = 0;
  while (lines >> from >> to >> length) {
    v1::Traffic& traffic = expected[{from, to}];
    traffic.set_frames(traffic.frames() + 1);
    traffic.set_bytes(traffic.bytes() + length);
  }
  ASSERT_EQ(expected.size(), 2u);
  const v1::ConversationTable& table = answer.results.at(0).conversations();
  EXPECT_EQ(table.title(), "IPv4");
  ASSERT_EQ(table.conversations_size(), 1);
  const v1::Conversation& conversation = table.conversations(0);
  const std::string a = conversation.a().address();
  const std::string b = conversation.b().address();
  EXPECT_EQ(conversation.a_to_b().SerializeAsString(),
            (expected[{a, b}].SerializeAsString()));
  EXPECT_EQ(conversation.b_to_a().SerializeAsString(),
            (expected[{b, a}].SerializeAsString()));
  EXPECT_FALSE(conversation.a().has_port());
  // 4.4 numbers conversations of addresses, too.
  EXPECT_EQ(conversation.has_stream(), WiresharkRelease(channel_) != "4.0");

  const v1::Conversation& first =
      answer.results.at(1).conversations().conversations(0);
  EXPECT_TRUE(first.has_stream());
  EXPECT_EQ(first.b().port(), 53u);
  const std::string found = Tshark(
      file, {"-Y", first.display_filter(), "-T", "fields", "-e", "udp.stream"});
  EXPECT_THAT(found, HasSubstr(std::to_string(first.stream()) + "\n"));
}

TEST_F(ReportTableTest, EndpointsHaveTheirNames) {
  const std::string file = Store("dns.pcap");
  v1::DissectionOptions options;
  options.mutable_name_resolution()->set_transport(true);
  options.mutable_name_resolution()->set_network(true);
  options.set_hosts("192.0.2.2 server.example\n");
  const ReportAnswer answer = Run(file, {"endpoints,udp"}, options);
  const v1::EndpointTable& table = answer.results.at(0).endpoints();
  ASSERT_GT(table.endpoints_size(), 1);
  const v1::Endpoint& server = table.endpoints(0).endpoint();
  EXPECT_EQ(server.address(), "192.0.2.2");
  EXPECT_EQ(server.resolved_name(), "server.example");
  EXPECT_EQ(server.port(), 53u);
  EXPECT_EQ(server.port_name(), "domain");
  EXPECT_FALSE(server.has_location());
}

// Returns a database in MaxMind's format, with an autonomous system for the
// upper half of all addresses of IPv4.
std::string SystemsDatabase() {
  using std::string_literals::operator""s;
  const std::string tree("\0\0\1\0\0\x11"s);
  const std::string record =
      "\xe2"
      "Xautonomous_system_number"
      "\xc2\xfb\xf4"
      "]\1"
      "autonomous_system_organization"
      "MDocumentation";
  const std::string metadata =
      "\xab\xcd\xef"
      "MaxMind.com"
      "\xe9"
      "Jnode_count\xc1\1"
      "Krecord_size\xa1\x18"
      "Jip_version\xa1\4"
      "Mdatabase_typeLGeoLite2-ASN"
      "Ilanguages\1\4Ben"
      "[binary_format_major_version\xa1\2"
      "[binary_format_minor_version\xa0"
      "Kbuild_epoch\1\2\1"
      "Kdescription\xe1"
      "BenDtest";
  return tree + std::string(16, '\0') + record + metadata;
}

TEST_F(ReportTableTest, EndpointsHaveTheirLocations) {
  const std::string file = Store("dns.pcap");
  v1::DissectionOptions options;
  v1::PreferenceSetting* const folder = options.add_preferences();
  folder->set_name("uat:maxmind_db_paths");
  folder->set_value("\"attachment:geo\"");
  v1::Attachment* const database = options.add_attachments();
  database->set_name("geo/systems.mmdb");
  database->set_content(SystemsDatabase());
  const ReportAnswer answer = Run(file, {"endpoints,ip", "conv,ip"}, options);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const v1::Endpoint& endpoint =
      answer.results.at(0).endpoints().endpoints(0).endpoint();
  EXPECT_EQ(endpoint.location().as_number(), 64'500u);
  EXPECT_EQ(endpoint.location().as_organization(), "Documentation");
  EXPECT_FALSE(endpoint.location().has_latitude());
  const v1::Conversation& conversation =
      answer.results.at(1).conversations().conversations(0);
  EXPECT_EQ(conversation.b().location().as_number(), 64'500u);
}

TEST_F(ReportTableTest, TheHierarchyCountsEachFrame) {
  const std::string file = Store("dns.pcap");
  const ReportAnswer answer = Run(file, {"io,phs"});
  std::vector<std::pair<std::string, uint32_t>> nodes;
  for (const v1::ProtocolHierarchyNode& node :
       answer.results.at(0).protocol_hierarchy().nodes()) {
    nodes.emplace_back(node.protocol(), node.depth());
  }
  using Node = std::pair<std::string, uint32_t>;
  EXPECT_THAT(nodes,
              ElementsAre(Node("eth", 0), Node("ip", 1), Node("udp", 2),
                          Node("dns", 3), Node("tcp", 2), Node("dns", 3),
                          Node("ipv6", 1), Node("udp", 2), Node("dns", 3)));
  const std::string numbers =
      Tshark(file, {"-T", "fields", "-e", "frame.number"});
  EXPECT_EQ(
      answer.results.at(0).protocol_hierarchy().nodes(0).frames(),
      static_cast<uint64_t>(std::count(numbers.begin(), numbers.end(), '\n')));
}

TEST_F(ReportTableTest, TheHierarchyHasFramesIfTheyArePrintedInDetail) {
  const std::string file = Store("dns.pcap");
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_file("files/" + file);
  request.set_text(true);
  const auto texts = [&] {
    return RunReports(channel_, request, {"io,phs"}).Texts();
  };
  const std::string plain = Tshark(file, {"-q", "-z", "io,phs"});
  const std::string with_frames =
      Tshark(file, {"-q", "-Y", "frame.number < 5", "-z", "io,phs"});
  ASSERT_THAT(with_frames, HasSubstr("\nframe "));
  request.set_display_filter("frame.number < 5");
  EXPECT_EQ(texts(), with_frames);
  request.set_display_filter("ip.src == 192.0.2.1");
  EXPECT_EQ(texts(), plain);
  EXPECT_EQ(plain,
            Tshark(file, {"-q", "-Y", "ip.src == 192.0.2.1", "-z", "io,phs"}));
  request.clear_display_filter();
  request.set_full_trees(true);
  EXPECT_EQ(texts(), with_frames);
  EXPECT_THAT(Tshark(file, {"-V", "-z", "io,phs"}), EndsWith(with_frames));
  v1::DissectionOptions* const options =
      request.mutable_source()->mutable_options();
  options->set_two_pass(true);
  EXPECT_EQ(texts(), with_frames);
  request.set_full_trees(false);
  EXPECT_EQ(texts(), plain);
  v1::PreferenceSetting* const columns = options->add_preferences();
  columns->set_name("gui.column.format");
  columns->set_value("\"N\",\"%Cus:frame.number\"");
  EXPECT_EQ(Tshark(file, {"-q", "-2", "-z", "io,phs", "-o",
                          columns->name() + ":" + columns->value()}),
            with_frames);
  EXPECT_EQ(texts(), with_frames);
  request.set_display_filter("frame.number <");
  EXPECT_EQ(
      FailureOf(RunReports(channel_, request, {"io,phs"}).status).reason(),
      "DISPLAY_FILTER_INVALID");
}

TEST_F(ReportTableTest, IntervalsLastUntilTheLastFrameThatWasRead) {
  const std::string file = Store("dns.pcap");
  for (const char* const filter : {"tcp", "icmp", "ip"}) {
    v1::DissectionOptions options;
    options.set_two_pass(true);
    options.set_read_filter(filter);
    ExpectTexts(file, {"io,stat,0.05"}, {"-2", "-R", filter}, options);
    ExpectTexts(file, {"io,stat,0"}, {"-2", "-R", filter}, options);
  }
}

TEST_F(ReportTableTest, ExpertInformationIsGrouped) {
  const ReportAnswer answer = Run(Store("dns.pcap"), {"expert"});
  const v1::ExpertTable& table = answer.results.at(0).expert();
  ASSERT_EQ(table.entries_size(), 5);
  EXPECT_EQ(table.entries(0).severity(), v1::SEVERITY_NOTE);
  const v1::ExpertEntry& last = table.entries(4);
  EXPECT_EQ(last.severity(), v1::SEVERITY_CHAT);
  EXPECT_EQ(last.group(), v1::EXPERT_GROUP_SEQUENCE);
  EXPECT_EQ(last.protocol(), "TCP");
  EXPECT_EQ(last.summary(), "Connection finish (FIN)");
  EXPECT_EQ(last.frequency(), 2u);
}

TEST_F(ReportTableTest, HostsAreThoseThatTheCaptureTeaches) {
  const std::string file = Store("dns.pcap");
  ExpectTexts(file, {"hosts,ip"}, {}, {});
  ExpectTexts(file, {"hosts,ipv6"}, {}, {});
  const ReportAnswer answer = Run(file, {"hosts"});
  const v1::ValueTable& table = answer.results.at(0).tables().tables(0);
  ASSERT_EQ(table.rows_size(), 2);
  EXPECT_EQ(table.rows(0).cells(0).string_value(), "192.0.2.80");
  EXPECT_EQ(table.rows(1).cells(1).string_value(), "www.example.org");
}

TEST_F(ReportTableTest, HostsHaveTheNameThatTheClientGivesTheCapture) {
  const std::string file = Store("dns.pcap");
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_inline_capture(
      ContentsOf("tests/captures/" + file));
  request.set_text(true);
  request.mutable_source()->set_capture_name(file);
  EXPECT_EQ(RunReports(channel_, request, {"hosts"}).Texts(),
            Tshark(file, {"-q", "-z", "hosts"}));
}

TEST_F(ReportTableTest, CredentialsAreThoseThatTsharkPrints) {
  const std::string file =
      Store("login.pcap",
            CaptureBuilder()
                .Add(TcpFrame(40'000, 80,
                              "GET / HTTP/1.1\r\nHost: a.example\r\n"
                              "Authorization: Basic ZXZlOnNlY3JldA==\r\n\r\n"))
                .Add(TcpFrame(40'001, 143, "a1 LOGIN carl geheim\r\n"))
                .bytes());
  ExpectTexts(file, {"credentials"}, {}, {});
  const ReportAnswer answer = Run(file, {"credentials"});
  const v1::ValueTable& table = answer.results.at(0).tables().tables(0);
  ASSERT_EQ(table.rows_size(), 2);
  EXPECT_EQ(table.rows(0).cells(0).unsigned_value(), 1u);
  EXPECT_EQ(table.rows(0).cells(1).string_value(), "HTTP basic auth");
  EXPECT_EQ(table.rows(0).cells(2).string_value(), "eve");
  EXPECT_EQ(table.rows(1).cells(2).string_value(), "carl");
}

TEST_F(ReportTableTest, ATreeWithAWrongFilterIsLeftOut) {
  const std::string file = Store("dns.pcap");
  const ReportAnswer answer = Run(file, {"plen,tree,bogus==", "io,phs"});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  EXPECT_EQ(answer.results.count(0), 0u);
  EXPECT_EQ(answer.Texts(),
            Tshark(file, {"-q", "-z", "plen,tree,bogus==", "-z", "io,phs"}));
  EXPECT_THAT(answer.end.notices(),
              ElementsAre("stats_tree for: Packet Lengths failed to attach to "
                          "the tap: Filter \"bogus==\" is invalid - Unexpected "
                          "end of filter expression."));
}

TEST_F(ReportTableTest, ManyIntervalsAreOnlyThoseWithFrames) {
  const std::string frame = UdpFrame(1, 2, "x");
  std::string bytes = CaptureBuilder().Add(frame).Add(frame).bytes();
  // The second frame is ten seconds later: the lowest byte of the seconds is 0.
  bytes[24 + 16 + frame.size()] = 10;
  const std::string file = Store("long.pcap", bytes);
  const ReportAnswer answer =
      Run(file, {"io,stat,0.000001"}, {}, /*text=*/false);
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const v1::IoTable& table = answer.results.at(0).io();
  ASSERT_EQ(table.rows_size(), 2);
  EXPECT_EQ(table.rows(1).start_us(), 10'001'000u);
  EXPECT_EQ(table.rows(1).values(0).unsigned_value(), 1u);
}

TEST_F(ReportTableTest, WrongArgumentsAreRefused) {
  const std::string file = Store("dns.pcap");
  const std::map<std::string, std::string> reasons = {
      {"hosts,", "REPORT_ARGUMENT_INVALID"},
      {"hosts,ip,x", "REPORT_ARGUMENT_INVALID"},
      // libwireshark would abort the worker.
      {"endpoints,mptcp", "REPORT_ARGUMENT_INVALID"},
      {"conv,ip,ip ===", "DISPLAY_FILTER_INVALID"},
      {"endpoints,ip,nothing", "DISPLAY_FILTER_INVALID"},
      {"io,phs,==", "DISPLAY_FILTER_INVALID"},
      {"io,stat,1,==", "DISPLAY_FILTER_INVALID"},
      {"expert,note,==", "DISPLAY_FILTER_INVALID"}};
  for (const auto& [report, reason] : reasons) {
    const ReportAnswer answer = Run(file, {report});
    EXPECT_EQ(FailureOf(answer.status).reason(), reason) << report;
  }
  EXPECT_EQ(Run(file, {"conv,ip,=="}).status.error_message(),
            "Couldn't register conversations tap: Filter \"==\" is invalid - "
            "\"==\" was unexpected in this context.");
}

}  // namespace
}  // namespace dissectd
