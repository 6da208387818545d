// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/isdn_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dissectd::engine {
namespace {

constexpr int kAlerting = 0x01;
constexpr int kSetup = 0x05;
constexpr int kConnect = 0x07;
constexpr int kDisconnect = 0x45;
constexpr int kRelease = 0x4D;
constexpr int kReleaseComplete = 0x5A;

// Returns a message of the caller or, for negative types, of the callee.
IsdnMessage MessageOf(int type) {
  IsdnMessage message;
  message.packet.source = type < 0 ? "192.0.2.2" : "192.0.2.1";
  message.type = static_cast<uint32_t>(type < 0 ? -type : type);
  message.reference = 5;
  return message;
}

std::string CallsOf(const std::vector<int>& types) {
  VoipCallList list;
  IsdnCalls calls(&list);
  for (const int type : types) calls.Add(MessageOf(type));
  std::vector<std::string> texts;
  for (const VoipCall& call : list.calls()) {
    texts.push_back(absl::StrCat(call.packets, " ", CallStateText(call.state)));
  }
  return absl::StrJoin(texts, "; ");
}

TEST(IsdnCallsTest, AnyMessageBeginsACall) {
  EXPECT_EQ(CallsOf({kSetup, -kAlerting}), "2 CALL SETUP");
  EXPECT_EQ(CallsOf({kAlerting}), "1 CALL SETUP");
  EXPECT_EQ(CallsOf({kConnect}), "1 IN CALL");
  EXPECT_EQ(CallsOf({kDisconnect}), "1 CANCELLED");
}

TEST(IsdnCallsTest, CallsAreAnsweredAndReleased) {
  EXPECT_EQ(CallsOf({kSetup, -kConnect}), "2 IN CALL");
  EXPECT_EQ(CallsOf({kSetup, kReleaseComplete}), "2 CANCELLED");
  EXPECT_EQ(CallsOf({kSetup, -kDisconnect, kRelease}), "3 REJECTED");
  EXPECT_EQ(CallsOf({kSetup, -kConnect, kDisconnect, -kRelease}),
            "4 COMPLETED");
  EXPECT_EQ(CallsOf({kSetup, -kConnect, kDisconnect, kSetup}), "4 CALL SETUP");
}

TEST(IsdnCallsTest, CallsHaveTheNumbersOfTheirFirstMessage) {
  VoipCallList list;
  IsdnCalls calls(&list);
  IsdnMessage message = MessageOf(kSetup);
  message.calling_number = "111";
  calls.Add(message);
  message.called_number = "222";
  calls.Add(message);
  message.reference = 6;
  calls.Add(message);
  ASSERT_EQ(list.calls().size(), 2U);
  EXPECT_EQ(list.calls()[0].from, "111");
  EXPECT_EQ(list.calls()[0].to, "");
  EXPECT_EQ(list.calls()[1].to, "222");
}

}  // namespace
}  // namespace dissectd::engine
