// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/mgcp_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace dissectd::engine {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Returns the request that a word describes: a verb, and for `NTFY` and
// `RQNT` events or signals after a colon.
MgcpMessage Request(absl::string_view word) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(word, absl::MaxSplits(':', 1));
  MgcpMessage message;
  message.is_request = true;
  message.verb = parts.first;
  message.endpoint = "aaln/1@example.com";
  (message.verb == "NTFY" ? message.events : message.signals) = parts.second;
  return message;
}

std::string TextOf(const VoipCallList& list) {
  std::vector<std::string> calls;
  for (const VoipCall& call : list.calls()) {
    calls.push_back(absl::StrCat(call.from, " -> ", call.to, " ", call.packets,
                                 " ", CallStateText(call.state)));
  }
  return absl::StrJoin(calls, "; ");
}

// Returns the calls of some requests about one endpoint.
std::string CallsOf(absl::string_view requests) {
  VoipCallList list;
  MgcpCalls calls(&list);
  uint32_t frame = 0;
  for (const absl::string_view word : absl::StrSplit(requests, ' ')) {
    MgcpMessage message = Request(word);
    message.packet.frame_number = ++frame;
    calls.Add(message);
  }
  return TextOf(list);
}

constexpr char kCaller[] = "aaln/1@example.com -> ";
constexpr char kCallee[] = " -> aaln/1@example.com ";

TEST(MgcpCallsTest, LiftingTheHandsetOrAConnectionBeginsACall) {
  EXPECT_EQ(CallsOf("NTFY:hd"), absl::StrCat(kCaller, " 1 CALL SETUP"));
  EXPECT_EQ(CallsOf("NTFY:x,hd"), absl::StrCat(kCaller, " 1 CALL SETUP"));
  EXPECT_EQ(CallsOf("CRCX"), absl::StrCat(kCallee, "1 CALL SETUP"));
  EXPECT_EQ(CallsOf("NTFY:L/hd NTFY:xhd NTFY:HD NTFY:hu RQNT:rg RQNT:hd"), "");
  EXPECT_EQ(CallsOf("MDCX DLCX AUEP crcx"), "");
}

TEST(MgcpCallsTest, TheFirstDigitsAreTheCallee) {
  EXPECT_EQ(CallsOf("NTFY:hd NTFY:D/1,2,*,#,D/t NTFY:3"),
            absl::StrCat(kCaller, "12*# 3 CALL SETUP"));
  EXPECT_EQ(CallsOf("CRCX NTFY:1"), absl::StrCat(kCallee, "2 CALL SETUP"));
}

TEST(MgcpCallsTest, CallersRingAndHangUp) {
  EXPECT_EQ(CallsOf("NTFY:hd RQNT:rt"), absl::StrCat(kCaller, " 2 RINGING"));
  EXPECT_EQ(CallsOf("NTFY:hd RQNT:bz"), absl::StrCat(kCaller, " 2 REJECTED"));
  EXPECT_EQ(CallsOf("NTFY:hd RQNT:rt RQNT:ro"),
            absl::StrCat(kCaller, " 3 REJECTED"));
  EXPECT_EQ(CallsOf("NTFY:hd NTFY:hu"), absl::StrCat(kCaller, " 2 CANCELLED"));
  EXPECT_EQ(CallsOf("NTFY:hd RQNT:rt NTFY:hu NTFY:hu"),
            absl::StrCat(kCaller, " 4 COMPLETED"));
  EXPECT_EQ(CallsOf("NTFY:hd CRCX MDCX DLCX"),
            absl::StrCat(kCaller, " 4 CALL SETUP"));
}

TEST(MgcpCallsTest, CalleesAnswerAndHangUp) {
  EXPECT_EQ(CallsOf("CRCX RQNT:rg"), absl::StrCat(kCallee, "2 RINGING"));
  EXPECT_EQ(CallsOf("CRCX RQNT:rg NTFY:hd"),
            absl::StrCat(kCallee, "3 IN CALL"));
  EXPECT_EQ(CallsOf("CRCX NTFY:hd RQNT:bz DLCX"),
            absl::StrCat(kCallee, "4 IN CALL"));
  EXPECT_EQ(CallsOf("CRCX NTFY:hd,hu"), absl::StrCat(kCallee, "2 COMPLETED"));
  EXPECT_EQ(CallsOf("CRCX RQNT:rg DLCX"), absl::StrCat(kCallee, "3 CANCELLED"));
}

TEST(MgcpCallsTest, OnlyTheFirstNamesCount) {
  EXPECT_EQ(CallsOf("NTFY:hd NTFY:1,2,3,4,5,6,7,8,9,hu"),
            absl::StrCat(kCaller, "123456789 2 CANCELLED"));
  EXPECT_EQ(CallsOf("NTFY:hd NTFY:1,2,3,4,5,6,7,8,9,0,hu"),
            absl::StrCat(kCaller, "1234567890 2 CALL SETUP"));
}

TEST(MgcpCallsTest, TwoSecondsAfterACallAnotherMayBegin) {
  for (const bool is_later : {false, true}) {
    VoipCallList list;
    MgcpCalls calls(&list);
    calls.Add(Request("NTFY:hd"));
    calls.Add(Request("NTFY:hu"));
    MgcpMessage next = Request("NTFY:hd");
    next.packet.time = 2 * kSecond + (is_later ? 1 : 0);
    calls.Add(next);
    EXPECT_EQ(list.calls().size(), is_later ? 2U : 1U);
  }
}

TEST(MgcpCallsTest, ResponsesBelongToTheCallsOfTheirRequests) {
  VoipCallList list;
  MgcpCalls calls(&list);
  MgcpMessage request = Request("CRCX");
  request.packet.frame_number = 4;
  calls.Add(request);
  MgcpMessage other = Request("CRCX");
  other.endpoint = "aaln/2@example.com";
  other.packet.frame_number = 5;
  calls.Add(other);
  request.request_frame = 4;
  request.packet.frame_number = 6;
  calls.Add(request);
  MgcpMessage response;
  response.request_frame = 4;
  calls.Add(response);
  response.request_frame = 0;
  calls.Add(response);
  response.request_frame = 7;
  calls.Add(response);
  EXPECT_EQ(TextOf(list), absl::StrCat(kCallee, "3 CALL SETUP;  -> ",
                                       "aaln/2@example.com 1 CALL SETUP"));
}

TEST(MgcpCallsTest, TheCaseOfEndpointsDoesNotMatter) {
  VoipCallList list;
  MgcpCalls calls(&list);
  calls.Add(Request("NTFY:hd"));
  MgcpMessage other = Request("NTFY:5");
  other.endpoint = "AALN/1@EXAMPLE.com";
  calls.Add(other);
  EXPECT_EQ(TextOf(list), absl::StrCat(kCaller, "5 2 CALL SETUP"));
}

}  // namespace
}  // namespace dissectd::engine
