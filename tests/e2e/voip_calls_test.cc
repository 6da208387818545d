// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the list of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about the same capture.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/report_client.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kNanosPerMillisecond = 1'000'000;

class VoipCallsTest : public ::testing::Test {
 protected:
  VoipCallsTest() : channel_(daemon_.Connect()) {}

  v1::RunStatisticsRequest RequestFor(const std::string& name) const {
    daemon_.store().Write(name, ContentsOf("tests/captures/" + name));
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file("files/" + name);
    request.set_text(true);
    return request;
  }

  ReportAnswer Run(const std::string& name, const std::string& report) const {
    return RunReports(channel_, RequestFor(name), {report});
  }

  DaemonProcess daemon_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(VoipCallsTest, CallsOfSipAreThoseOfWireshark) {
  const ReportAnswer answer = Run("telephony.pcap", "voip,calls");
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.result().voip_calls().calls_size(), 2);
  for (int i = 0; i < 2; ++i) {
    const v1::VoipCall& call = answer.result().voip_calls().calls(i);
    EXPECT_EQ(call.index(), static_cast<uint32_t>(i));
    EXPECT_EQ(call.protocol(), "SIP");
    EXPECT_EQ(call.state(), "COMPLETED");
    EXPECT_EQ(call.initial_speaker(), "192.0.2.1");
    EXPECT_EQ(call.from(), "<sip:alice@example.com>");
    EXPECT_EQ(call.to(), "<sip:bob@example.com>");
    EXPECT_EQ(call.packets(), 9u);
    EXPECT_EQ(call.comment(), "INVITE 299 200");
    EXPECT_EQ(call.first_frame(), static_cast<uint32_t>(9 * i + 1));
    EXPECT_EQ(call.last_frame(), static_cast<uint32_t>(9 * i + 9));
    EXPECT_EQ(call.start().nanos(), 9 * i * kNanosPerMillisecond);
    EXPECT_EQ(call.stop().nanos(), (9 * i + 8) * kNanosPerMillisecond);
  }
  EXPECT_THAT(answer.result().text(), HasSubstr("  <sip:alice@example.com>  "));
}

// Returns a call as one line. Times are milliseconds.
std::string LineOf(const v1::VoipCall& call) {
  return absl::StrCat(call.protocol(), " ", call.initial_speaker(), " ",
                      call.from(), ">", call.to(), " ", call.packets(), " ",
                      call.start().nanos() / kNanosPerMillisecond, "-",
                      call.stop().nanos() / kNanosPerMillisecond, " ",
                      call.state(), " ", call.comment());
}

// sharkd doesn't tell the comments, which are those of Wireshark's window.
TEST_F(VoipCallsTest, CallsOfOtherProtocolsAreThoseOfWireshark) {
  const ReportAnswer answer = Run("calls.pcap", "voip,calls");
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  std::vector<std::string> lines;
  for (const v1::VoipCall& call : answer.result().voip_calls().calls()) {
    lines.push_back(LineOf(call));
  }
  EXPECT_THAT(
      lines,
      ElementsAre("H.323 192.0.2.1 1001>2002 6 3-6 COMPLETED "
                  "Tunneling: On  Fast Start: On",
                  "H.323 192.0.2.1 >2002 2 17-18 UNKNOWN "
                  "Tunneling: Off  Fast Start: Off",
                  "AC_ISDN 192.0.2.1 1001>2002 3 22-24 CANCELLED ",
                  "ISUP 100 1001>2002 5 28-32 COMPLETED 2-100 → 2-200",
                  "MGCP 192.0.2.1 aaln/1@gw.example.com>2002 6 33-38 "
                  "COMPLETED ",
                  "SKINNY 192.0.2.1 1001>2002 4 42-45 IN CALL ",
                  "H.248 192.0.2.1 192.0.2.2 : 00000005> A1 RTP/7 * 5 49-51  ",
                  "AC_CAS PSTN N/A>N/A 2 55-56 CALL SETUP "));
}

TEST_F(VoipCallsTest, UnistimIsDecodedOnRequest) {
  v1::RunStatisticsRequest request = RequestFor("calls.pcap");
  v1::DecodeAs* const rule =
      request.mutable_source()->mutable_options()->add_decode_as();
  rule->set_table("udp.port");
  rule->set_selector("5000");
  rule->set_protocol("unistim");
  const ReportAnswer answer =
      RunReports(channel_, request, {"voip,calls,unistim"});
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.result().voip_calls().calls_size(), 1);
  EXPECT_EQ(LineOf(answer.result().voip_calls().calls(0)),
            "UNISTIM 192.0.2.1 1234>?? 5 2 53-54 COMPLETED ");
}

TEST_F(VoipCallsTest, AFilterLeavesPacketsOut) {
  const ReportAnswer answer =
      Run("telephony.pcap", "voip,calls,sip.Method == \"INVITE\"");
  EXPECT_EQ(answer.result().voip_calls().filter(), "sip.Method == \"INVITE\"");
  ASSERT_EQ(answer.result().voip_calls().calls_size(), 2);
  EXPECT_EQ(answer.result().voip_calls().calls(0).packets(), 2u);
  EXPECT_EQ(answer.result().voip_calls().calls(0).state(), "CALL SETUP");
}

TEST_F(VoipCallsTest, CapturesWithoutCallsHaveNone) {
  const ReportAnswer answer = Run("dns.pcap", "voip,calls");
  EXPECT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.result().voip_calls().calls_size(), 0);
}

TEST_F(VoipCallsTest, ReportsThatTsharkLacksAreListed) {
  grpc::ClientContext context;
  v1::ListReportsResponse response;
  ASSERT_TRUE(v1::AnalysisService::NewStub(channel_)
                  ->ListReports(&context, {}, &response)
                  .ok());
  std::map<std::string, v1::ReportType> reports;
  for (const v1::ReportType& report : response.reports()) {
    reports[report.name()] = report;
  }
  EXPECT_EQ(reports["tcp,graph"].usage(), ",stream");
  EXPECT_EQ(reports["tcp,graph"].table(), v1::TABLE_KIND_TCP_GRAPH);
  EXPECT_EQ(reports["voip,calls"].usage(), "[,filter]");
  EXPECT_EQ(reports["voip,calls"].table(), v1::TABLE_KIND_VOIP_CALLS);
  EXPECT_EQ(reports["proto,colinfo"].usage(), ",filter,field");
  EXPECT_EQ(reports["proto,colinfo"].table(), v1::TABLE_KIND_TABLES);
}

TEST_F(VoipCallsTest, AWrongFilterIsRefused) {
  const ReportAnswer answer = Run("dns.pcap", "voip,calls,nosuch");
  EXPECT_EQ(FailureOf(answer.status).reason(), "DISPLAY_FILTER_INVALID");
}

}  // namespace
}  // namespace dissectd
