// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/h323_calls.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dissectd::engine {
namespace {

using Kind = H225Message::Kind;

constexpr char kCaller[] = "192.0.2.1";
constexpr char kCallee[] = "192.0.2.2";

H225Message Signal(Kind kind, const std::string& source = kCaller) {
  H225Message message;
  message.packet.frame_number = 1;
  message.packet.source = source;
  message.kind = kind;
  message.call_id = "call";
  return message;
}

H225Message Answer(Kind kind) { return Signal(kind, kCallee); }

H225Message Ras(Kind kind, uint32_t request) {
  H225Message message = Signal(kind);
  message.call_id = "";
  message.request = request;
  message.digits = absl::StrCat("10", request);
  return message;
}

std::string TextOf(const VoipCallList& list) {
  std::vector<std::string> texts;
  for (const VoipCall& call : list.calls()) {
    texts.push_back(absl::StrCat(call.packets, " ", CallStateText(call.state)));
  }
  return absl::StrJoin(texts, "; ");
}

std::string CallsOf(const std::vector<H225Message>& messages) {
  VoipCallList list;
  H323Calls calls(&list);
  for (const H225Message& message : messages) calls.Add(message);
  return TextOf(list);
}

TEST(H323CallsTest, CallsAreAnsweredAndReleased) {
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Answer(Kind::kOtherSignalling)}),
            "2 CALL SETUP");
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Answer(Kind::kConnect)}),
            "2 IN CALL");
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Signal(Kind::kReleaseComplete)}),
            "2 CANCELLED");
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Answer(Kind::kReleaseComplete)}),
            "2 REJECTED");
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Answer(Kind::kReleaseComplete),
                     Signal(Kind::kReleaseComplete)}),
            "3 COMPLETED");
  EXPECT_EQ(CallsOf({Signal(Kind::kSetup), Answer(Kind::kConnect),
                     Answer(Kind::kReleaseComplete)}),
            "3 COMPLETED");
}

TEST(H323CallsTest, AnyMessageWithAnIdentifierBeginsACall) {
  EXPECT_EQ(CallsOf({Signal(Kind::kOtherRas)}), "1 UNKNOWN");
  EXPECT_EQ(CallsOf({Signal(Kind::kOtherSignalling)}), "1 UNKNOWN");
  EXPECT_EQ(CallsOf({Answer(Kind::kReleaseComplete)}), "1 COMPLETED");
  H225Message message = Signal(Kind::kSetup);
  message.call_id = "";
  EXPECT_EQ(CallsOf({message}), "");
  EXPECT_EQ(CallsOf({Ras(Kind::kOtherRas, 1)}), "");
}

TEST(H323CallsTest, TheFirstSetupNamesTheCaller) {
  EXPECT_EQ(CallsOf({Answer(Kind::kOtherRas), Signal(Kind::kSetup),
                     Answer(Kind::kSetup), Signal(Kind::kReleaseComplete)}),
            "4 CANCELLED");
}

TEST(H323CallsTest, LocationsAreAskedFor) {
  VoipCallList list;
  H323Calls calls(&list);
  calls.Add(Ras(Kind::kLocationAnswer, 1));
  calls.Add(Ras(Kind::kLocationRequest, 1));
  calls.Add(Ras(Kind::kLocationRequest, 2));
  calls.Add(Ras(Kind::kLocationAnswer, 2));
  calls.Add(Ras(Kind::kLocationAnswer, 0));
  H225Message again = Ras(Kind::kLocationRequest, 1);
  again.is_repeated = true;
  calls.Add(again);
  calls.Add(Ras(Kind::kLocationAnswer, 1));
  EXPECT_EQ(TextOf(list), "2 UNKNOWN; 2 UNKNOWN; 1 UNKNOWN");
  EXPECT_EQ(list.calls()[0].to, "101");
  EXPECT_EQ(list.calls()[1].to, "102");
  EXPECT_EQ(list.calls()[2].to, "");
}

TEST(H323CallsTest, NumbersAreThoseOfSetups) {
  VoipCallList list;
  H323Calls calls(&list);
  EXPECT_FALSE(calls.TakeNumbers(1, "1", "2"));
  calls.Add(Signal(Kind::kSetup));
  EXPECT_TRUE(calls.TakeNumbers(1, "1", "2"));
  EXPECT_FALSE(calls.TakeNumbers(1, "3", "4"));
  calls.Add(Answer(Kind::kConnect));
  EXPECT_TRUE(calls.TakeNumbers(1, "5", "6"));
  EXPECT_EQ(list.calls()[0].from, "1");
  EXPECT_EQ(list.calls()[0].to, "2");
  calls.Add(Signal(Kind::kSetup));
  EXPECT_FALSE(calls.TakeNumbers(2, "7", "8"));
  EXPECT_EQ(list.calls()[0].from, "1");
}

TEST(H323CallsTest, MessagesOfH245CountTwiceForTheFirstCall) {
  VoipCallList list;
  H323Calls calls(&list);
  H225Message connect = Answer(Kind::kConnect);
  connect.h245 = H245Endpoint(kCallee, 1232);
  connect.packet.time = 5;
  calls.Add(connect);
  connect.call_id = "other";
  calls.Add(connect);
  const H245Endpoint caller(kCaller, 4000);
  calls.Add(H245Message{caller, {kCallee, 1232}});
  calls.Add(H245Message{{kCallee, 1232}, caller});
  calls.Add(H245Message{caller, {kCallee, 1233}});
  EXPECT_EQ(TextOf(list), "5 IN CALL; 1 IN CALL");
  EXPECT_EQ(list.calls()[0].last.time, 5);
}

// Wireshark's comments, which sharkd doesn't have.
TEST(H323CallsTest, CommentsTellOfTunnelsAndFastStarts) {
  VoipCallList list;
  H323Calls calls(&list);
  H225Message setup = Signal(Kind::kSetup);
  setup.has_fast_start = true;
  calls.Add(setup);
  EXPECT_EQ(list.calls()[0].comment, "Tunneling: Off  Fast Start: On");
  H225Message connect = Answer(Kind::kConnect);
  connect.tunnels_h245 = true;
  calls.Add(connect);
  EXPECT_EQ(list.calls()[0].comment, "Tunneling: On  Fast Start: Off");
  connect.has_fast_start = true;
  calls.Add(connect);
  EXPECT_EQ(list.calls()[0].comment, "Tunneling: On  Fast Start: On");
}

}  // namespace
}  // namespace dissectd::engine
