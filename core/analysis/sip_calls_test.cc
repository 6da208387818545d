// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/sip_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dissectd::engine {
namespace {

constexpr char kCaller[] = "192.0.2.1";
constexpr char kCallee[] = "192.0.2.2";

// Returns the message that a word describes: `INVITE1` is a request of the
// caller, `bINVITE1` one of the callee, `cINVITE1` one of somebody else, and
// `200/1` a response to the caller, `b200/1` one to the callee, `c200/1` one to
// somebody else.
SipMessage MessageOf(absl::string_view word) {
  SipMessage message;
  message.call_id = "call";
  message.from = "<sip:a@example.com>";
  message.to = "<sip:b@example.com>";
  std::string sender = kCaller;
  if (absl::ascii_islower(static_cast<unsigned char>(word.front())) != 0) {
    sender = word.front() == 'b' ? kCallee : "192.0.2.3";
    word.remove_prefix(1);
  }
  const std::vector<std::string> parts = absl::StrSplit(word, '/');
  if (parts.size() == 2) {
    EXPECT_TRUE(absl::SimpleAtoi(parts[0], &message.code));
    EXPECT_TRUE(absl::SimpleAtoi(parts[1], &message.sequence));
    message.packet.source = kCallee;
    message.packet.destination = sender;
  } else {
    message.method = std::string(word.substr(0, word.size() - 1));
    message.sequence = static_cast<uint32_t>(word.back() - '0');
    message.packet.source = sender;
    message.packet.destination = kCallee;
  }
  return message;
}

// Returns the packets, state and comment of the calls of some messages.
std::string CallsOf(absl::string_view messages) {
  VoipCallList list;
  SipCalls calls(&list);
  for (const absl::string_view word : absl::StrSplit(messages, ' ')) {
    calls.Add(MessageOf(word));
  }
  std::string text;
  for (const VoipCall& call : list.calls()) {
    absl::StrAppend(&text, call.packets, " ", CallStateText(call.state), ", ",
                    call.comment);
  }
  return text;
}

TEST(SipCallsTest, CallsBeginWithAnInvite) {
  EXPECT_EQ(CallsOf("REGISTER1 200/1 OPTIONS2"), "");
  EXPECT_EQ(CallsOf("200/1 ACK1 INVITE1"), "1 CALL SETUP, INVITE");
  EXPECT_EQ(CallsOf("INVITE1 199/1 100/1"), "3 CALL SETUP, INVITE");
}

TEST(SipCallsTest, AnAcknowledgedResponseAcceptsACall) {
  EXPECT_EQ(CallsOf("INVITE1 200/1"), "2 CALL SETUP, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1"), "3 IN CALL, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 cACK1"), "3 CALL SETUP, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK2"), "3 CALL SETUP, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 ACK1"), "2 CALL SETUP, INVITE");
}

TEST(SipCallsTest, CallsAreInvitedAgain) {
  EXPECT_EQ(CallsOf("INVITE1 407/1 ACK1 INVITE2"), "4 CALL SETUP, INVITE 407");
  EXPECT_EQ(CallsOf("INVITE1 407/1 ACK1 INVITE2 200/2 ACK2"),
            "6 IN CALL, INVITE 407 200");
  EXPECT_EQ(CallsOf("INVITE1 486/1 INVITE1 200/1 ACK1"),
            "5 IN CALL, INVITE 486 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 INVITE2 488/2"),
            "5 CALL SETUP, INVITE 200 488");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 INVITE2 488/2 ACK2"),
            "6 IN CALL, INVITE 200 488");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 bINVITE7 b200/7 bACK7"),
            "6 IN CALL, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 bINVITE1"), "4 IN CALL, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 cINVITE2 486/2"), "3 CALL SETUP, INVITE");
}

TEST(SipCallsTest, RefusedCallsAreRejected) {
  EXPECT_EQ(CallsOf("INVITE1 486/1 ACK1"), "3 REJECTED, INVITE 486");
  EXPECT_EQ(CallsOf("INVITE1 c486/1"), "2 CALL SETUP, INVITE");
  EXPECT_EQ(CallsOf("INVITE1 486/1 200/1 ACK1"), "4 REJECTED, INVITE 486 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 486/1"), "4 IN CALL, INVITE 200 486");
  EXPECT_EQ(CallsOf("INVITE1 BYE2 486/1"), "3 REJECTED, INVITE 486");
}

TEST(SipCallsTest, CallsAreCancelledBeforeTheyAreAccepted) {
  EXPECT_EQ(CallsOf("INVITE1 CANCEL1 200/1 487/1 ACK1"),
            "5 CANCELLED, INVITE 200 487");
  EXPECT_EQ(CallsOf("INVITE1 200/1 CANCEL1 ACK1"), "4 CANCELLED, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 CANCEL1"), "4 IN CALL, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 486/1 CANCEL1"), "3 REJECTED, INVITE 486");
  EXPECT_EQ(CallsOf("INVITE1 cCANCEL1"), "2 CALL SETUP, INVITE");
  EXPECT_EQ(CallsOf("INVITE1 CANCEL2"), "2 CALL SETUP, INVITE");
  EXPECT_EQ(CallsOf("INVITE1 CANCEL1 INVITE2 200/2 ACK2"),
            "5 CALL SETUP, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 CANCEL1 487/1 INVITE2 486/2"),
            "5 CALL SETUP, INVITE 487 486");
}

TEST(SipCallsTest, EitherSideCompletesACall) {
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 BYE2 200/2"),
            "5 COMPLETED, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 bBYE5"), "4 COMPLETED, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 BYE2 200/1 ACK1"), "4 COMPLETED, INVITE 200");
  EXPECT_EQ(CallsOf("INVITE1 200/1 ACK1 BYE2 INVITE3 486/3"),
            "6 CALL SETUP, INVITE 200 486");
}

}  // namespace
}  // namespace dissectd::engine
