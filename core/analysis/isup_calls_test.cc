// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/isup_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kInitialAddress = 1;
constexpr uint32_t kAddressComplete = 6;
constexpr uint32_t kConnect = 7;
constexpr uint32_t kAnswer = 9;
constexpr uint32_t kRelease = 12;
constexpr uint32_t kReleaseComplete = 16;

// Returns a message of the caller or, for negative types, of the callee.
IsupMessage MessageOf(int type) {
  IsupMessage message;
  message.type = static_cast<uint32_t>(type < 0 ? -type : type);
  message.route.network = 2;
  message.route.origin = type < 0 ? 200 : 100;
  message.route.destination = type < 0 ? 100 : 200;
  message.circuit = 5;
  message.calling_number = "111";
  message.called_number = "222";
  return message;
}

int Back(uint32_t type) { return -static_cast<int>(type); }

std::string CallsOf(const std::vector<int>& types) {
  VoipCallList list;
  IsupCalls calls(&list);
  for (const int type : types) calls.Add(MessageOf(type));
  std::vector<std::string> texts;
  for (const VoipCall& call : list.calls()) {
    EXPECT_EQ(call.from, "111");
    EXPECT_EQ(call.to, "222");
    EXPECT_EQ(call.comment, "2-100 → 2-200");
    texts.push_back(absl::StrCat(call.packets, " ", CallStateText(call.state)));
  }
  return absl::StrJoin(texts, "; ");
}

TEST(IsupCallsTest, CallsBeginWithAnInitialAddress) {
  EXPECT_EQ(CallsOf({Back(kAddressComplete), kRelease}), "");
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kAddressComplete)}), "2 CALL SETUP");
  EXPECT_EQ(CallsOf({kInitialAddress, kInitialAddress}), "2 CALL SETUP");
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kAnswer), kInitialAddress}),
            "2 IN CALL; 1 CALL SETUP");
}

TEST(IsupCallsTest, CallsAreAnsweredAndReleased) {
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kAnswer)}), "2 IN CALL");
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kConnect)}), "2 IN CALL");
  EXPECT_EQ(CallsOf({kInitialAddress, kRelease}), "2 CANCELLED");
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kRelease), kRelease}), "3 REJECTED");
  EXPECT_EQ(CallsOf({kInitialAddress, Back(kAnswer), Back(kRelease),
                     kReleaseComplete}),
            "4 COMPLETED");
}

TEST(IsupCallsTest, CircuitsOfOtherRoutesAreOthers) {
  VoipCallList list;
  IsupCalls calls(&list);
  calls.Add(MessageOf(kInitialAddress));
  IsupMessage message = MessageOf(kInitialAddress);
  message.route.network = 3;
  calls.Add(message);
  message = MessageOf(kInitialAddress);
  message.route.destination = 300;
  calls.Add(message);
  message = MessageOf(kInitialAddress);
  message.circuit = 6;
  calls.Add(message);
  EXPECT_EQ(list.calls().size(), 4U);
}

}  // namespace
}  // namespace dissectd::engine
