// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the reports about response times, and the tables that dissectors fill:
// their texts are those of tshark, their tables have the right numbers, and
// wrong arguments get tshark's messages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/command.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/report_client.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

constexpr uint32_t kRawIp = 101;

class ResponseReportTest : public ::testing::Test {
 protected:
  ResponseReportTest() : channel_(daemon_.Connect()) {}

  void Store(const std::string& bytes) const {
    daemon_.store().Write("a.pcap", bytes);
  }

  ReportAnswer Run(const std::vector<std::string>& reports) const {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file("files/a.pcap");
    request.set_text(true);
    return RunReports(channel_, request, reports);
  }

  // Returns what tshark prints.
  std::string Tshark(const std::vector<std::string>& reports) const {
    std::string command =
        "tshark -q -r '" + daemon_.store().path() + "/a.pcap' 2>/dev/null";
    for (const std::string& report : reports) command += " -z '" + report + "'";
    return RunCommand(command).text;
  }

  void ExpectTextsOfTshark(const std::vector<std::string>& reports) const {
    const ReportAnswer answer = Run(reports);
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
    EXPECT_EQ(answer.Texts(), Tshark(reports));
  }

  // Expects that the only report of a request is refused.
  void ExpectRefused(const std::string& report, const std::string& reason,
                     const std::string& message) const {
    const ReportAnswer answer = Run({report});
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << report;
    EXPECT_EQ(answer.status.error_message(), message) << report;
    EXPECT_EQ(FailureOf(answer.status).reason(), reason) << report;
  }

  DaemonProcess daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

// All reports of this kind, so that each prints at least its frame.
const std::vector<std::string> kReports = {
    "afp,srt",
    "diameter,srt",
    "fc,srt",
    "gtp,srt",
    "ldap,srt",
    "snmp,srt",
    "smb2,srt",
    "smb,srt,frame.number > 1",
    "ncp,srt",
    "rpc,srt,100003,3",
    "rpc,srt,100005,1,ip",
    "dcerpc,srt,12345778-1234-abcd-ef00-0123456789ac,1.0",
    "scsi,srt,0",
    "scsi,srt,5",
    "radius,rtd",
    "mgcp,rtd,udp",
    "h225_ras,rtd",
    "ansi_a,bsmap",
    "ansi_a,dtap",
    "ansi_map",
    "asap,stat",
    "calcappprotocol,stat",
    "camel,counter",
    "componentstatusprotocol,stat",
    "dhcp,stat",
    "dhcp,stat,udp",
    "enrp,stat",
    "fractalgeneratorprotocol,stat",
    "gsm_a,bssmap",
    "gsm_a,dtap_cc",
    "gsm_a,dtap_gmm",
    "gsm_a,dtap_mm",
    "gsm_a,dtap_rr",
    "gsm_a,dtap_sacch",
    "gsm_a,dtap_sm",
    "gsm_a,dtap_sms",
    "gsm_a,dtap_ss",
    "gsm_a,dtap_tp",
    "gsm_map,operation",
    "h225,counter",
    "mtp3,msus",
    "npm,stat",
    "pingpongprotocol,stat",
    "ssprotocol,stat",
    "camel,srt",
    "rpc,programs",
    "icmp,srt",
    "icmp,srt,",
    "icmpv6,srt,ipv6",
    "sctp,stat",
    "gsm_a",
    "sv",
};

// An IPv4 packet between 192.0.2.1 and 192.0.2.2.
std::string IpPacket(char protocol, bool is_reply, const std::string& payload) {
  const std::string a = "\xc0\0\2\1"s;
  const std::string b = "\xc0\0\2\2"s;
  const auto length = static_cast<char>(20 + payload.size());
  return "\x45\0\0"s + length + "\0\0\0\0\x40"s + protocol + "\0\0"s +
         (is_reply ? b + a : a + b) + payload;
}

// The dissector looks for the reply only if the checksum is right.
std::string Ping(bool is_reply, char sequence) {
  const int sum = (is_reply ? 0 : 0x0800) + 1 + sequence;
  const auto high = static_cast<char>(~sum >> 8);
  const auto low = static_cast<char>(~sum);
  return IpPacket(
      1, is_reply,
      (is_reply ? "\0\0"s : "\x8\0"s) + high + low + "\0\1\0"s + sequence);
}

std::string UdpPacket(bool is_reply, const std::string& payload) {
  const auto length = static_cast<char>(8 + payload.size());
  const std::string ports = is_reply ? "\0\x6f\2\xbc"s : "\2\xbc\0\x6f"s;
  return IpPacket(17, is_reply, ports + "\0"s + length + "\0\0"s + payload);
}

// A call of the port mapper, and its reply.
std::string RpcCall(char id) {
  return UdpPacket(false, "\0\0\0"s + id +
                              "\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2"s +
                              "\0\0\0\0"s + std::string(16, '\0'));
}
std::string RpcReply(char id) {
  return UdpPacket(true, "\0\0\0"s + id + "\0\0\0\1"s + std::string(16, '\0'));
}

// A packet of SCTP with chunks of 12 bytes of data each.
std::string SctpPacket(bool is_reply, const std::string& types) {
  std::string packet = "\x13\x88\x13\x89\0\0\0\1\0\0\0\0"s;
  for (const char type : types) {
    packet += type + "\0\0\x10"s + std::string(12, '\0');
  }
  return IpPacket('\x84', is_reply, packet);
}

// The frames are a millisecond apart.
std::string Signalling() {
  CaptureBuilder capture(kRawIp);
  capture.Add(Ping(false, 1)).Add(Ping(true, 1)).Add(Ping(false, 2));
  capture.Add(RpcCall(1)).Add(RpcCall(2)).Add(RpcReply(1)).Add(RpcReply(2));
  capture.Add(SctpPacket(false, "\3\6\7"s)).Add(SctpPacket(true, "\x0a"s));
  capture.Add(Ping(true, 2));
  return capture.bytes();
}

TEST_F(ResponseReportTest, TextsAreThoseOfTshark) {
  Store(Signalling());
  ExpectTextsOfTshark(kReports);
  Store(CaptureBuilder(kRawIp).bytes());
  ExpectTextsOfTshark(kReports);
  std::ifstream snmp("tests/captures/snmpv3.pcap", std::ios::binary);
  std::stringstream bytes;
  bytes << snmp.rdbuf();
  Store(bytes.str());
  ExpectTextsOfTshark(kReports);
}

TEST_F(ResponseReportTest, TablesHaveTheNumbers) {
  Store(Signalling());
  const ReportAnswer answer =
      Run({"icmp,srt", "rpc,programs", "rpc,srt,100000,2", "sctp,stat"});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_THAT(answer.results,
              UnorderedElementsAre(Key(0), Key(1), Key(2), Key(3)));

  const auto& ping = answer.results.at(0).tables().tables(0).rows(0);
  EXPECT_EQ(ping.cells(0).unsigned_value(), 2);
  EXPECT_EQ(ping.cells(1).unsigned_value(), 2);
  EXPECT_DOUBLE_EQ(ping.cells(2).double_value(), 1);
  EXPECT_DOUBLE_EQ(ping.cells(3).double_value(), 7);
  EXPECT_DOUBLE_EQ(ping.cells(4).double_value(), 4);
  EXPECT_EQ(ping.cells(8).unsigned_value(), 10);

  const auto& program = answer.results.at(1).tables().tables(0).rows(0);
  EXPECT_EQ(program.cells(0).unsigned_value(), 100'000);
  EXPECT_EQ(program.cells(1).string_value(), "Portmap");
  EXPECT_EQ(program.cells(3).unsigned_value(), 2);
  EXPECT_EQ(program.cells(6).time_value().nanos(), 2'000'000);

  const auto& call = answer.results.at(2).response_times().tables(0);
  ASSERT_EQ(call.procedures_size(), 1);
  EXPECT_EQ(call.procedures(0).name(), "NULL");
  EXPECT_EQ(call.procedures(0).calls(), 2);
  EXPECT_EQ(call.procedures(0).sum().nanos(), 4'000'000);
  EXPECT_EQ(call.procedures(0).minimum_frame(), 6);

  const auto& directions = answer.results.at(3).tables().tables(0);
  ASSERT_EQ(directions.rows_size(), 2);
  EXPECT_EQ(directions.rows(0).cells(0).string_value(), "192.0.2.2");
  EXPECT_EQ(directions.rows(1).cells(5).unsigned_value(), 1);
}

TEST_F(ResponseReportTest, ReportsOfOneKindDontDisturbEachOther) {
  Store(Signalling());
  const ReportAnswer answer = Run({"rpc,srt,100000,2", "rpc,srt,100003,3",
                                   "dhcp,stat,ip", "dhcp,stat,ipv6"});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  const auto& portmap = answer.results.at(0).response_times().tables(0);
  EXPECT_EQ(portmap.procedures_size(), 1);
  const auto& nfs = answer.results.at(1).response_times().tables(0);
  EXPECT_EQ(nfs.procedures_size(), 0);
  EXPECT_EQ(answer.results.at(2).tables().filter(), "ip");
  EXPECT_EQ(answer.results.at(2).tables().tables_size(), 1);
  EXPECT_EQ(answer.results.at(3).tables().tables_size(), 1);
}

TEST_F(ResponseReportTest, WrongArgumentsAreRefused) {
  Store(Signalling());
  const std::string reason = "REPORT_ARGUMENT_INVALID";
  ExpectRefused("rpc,srt", reason,
                "invalid \"-z rpc,srt,<program>,<version>[,<filter>]\" "
                "argument");
  ExpectRefused("rpc,srt,100003,99", reason,
                "invalid \"-z rpc,srt,Program:100003 version:99 isn't "
                "supported\" argument");
  ExpectRefused("scsi,srt,x", reason,
                "invalid \"-z scsi,srt,<cmdset>[,<filter>]\" argument");
  // tshark crashes.
  ExpectRefused("dcerpc,srt,12345778-1234-abcd-ef00-0123456789ac,9.0", reason,
                "No dissector knows the interface of \"dcerpc,srt,12345778-"
                "1234-abcd-ef00-0123456789ac,9.0\".");
  ExpectRefused("megaco,rtd", reason,
                "Track Context option at Protocols -> MEGACO and Protocols -> "
                "H248 preferences\nhas to be set to true to enable "
                "measurement of service response times.\n");
  EXPECT_THAT(Run({"smb,sids"}).status.error_message(),
              HasSubstr("smb.sid_name_snooping"));
}

TEST_F(ResponseReportTest, WrongFiltersAreRefused) {
  Store(Signalling());
  const std::map<std::string, std::string> listeners = {
      {"smb,srt,", "srt tap"},         {"scsi,srt,0,", "srt tap"},
      {"radius,rtd,", "srt tap"},      {"dhcp,stat,", "tap"},
      {"camel,srt,", "camel,srt tap"}, {"icmp,srt,", "icmp,srt tap"}};
  for (const auto& [report, listener] : listeners) {
    ExpectRefused(report + "bad ==", "DISPLAY_FILTER_INVALID",
                  "Couldn't register " + listener +
                      ": Filter \"bad ==\" is invalid - Unexpected end of "
                      "filter expression.");
  }
}

}  // namespace
}  // namespace dissectd
