// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the states of calls. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these messages.

#include "core/analysis/skinny_calls.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::engine {
namespace {

SkinnyMessage StateMessage(uint32_t state) {
  SkinnyMessage message;
  message.packet.source = "192.0.2.2";
  message.packet.destination = "192.0.2.1";
  message.id = 0x111;
  message.call = 7;
  message.state = state;
  return message;
}

// Returns the state of a call after a state of Skinny.
std::string StateAfter(uint32_t state) {
  VoipCallList list;
  SkinnyCalls calls(&list);
  calls.Add(StateMessage(5));
  calls.Add(StateMessage(state));
  EXPECT_EQ(list.calls().front().packets, 2U);
  return CallStateText(list.calls().front().state);
}

TEST(SkinnyCallsTest, StatesAreThoseOfTheCallManager) {
  EXPECT_EQ(StateAfter(0), "");
  EXPECT_EQ(StateAfter(1), "CALL SETUP");
  EXPECT_EQ(StateAfter(2), "COMPLETED");
  EXPECT_EQ(StateAfter(3), "RINGING");
  EXPECT_EQ(StateAfter(4), "RINGING");
  EXPECT_EQ(StateAfter(5), "IN CALL");
  EXPECT_EQ(StateAfter(6), "REJECTED");
  EXPECT_EQ(StateAfter(7), "REJECTED");
  EXPECT_EQ(StateAfter(8), "IN CALL");
  EXPECT_EQ(StateAfter(9), "IN CALL");
  EXPECT_EQ(StateAfter(10), "COMPLETED");
  EXPECT_EQ(StateAfter(11), "COMPLETED");
  EXPECT_EQ(StateAfter(12), "CALL SETUP");
  EXPECT_EQ(StateAfter(13), "UNKNOWN");
  EXPECT_EQ(StateAfter(14), "REJECTED");
  EXPECT_EQ(StateAfter(15), "");
}

TEST(SkinnyCallsTest, ThePhoneIsTheInitialSpeaker) {
  VoipCallList list;
  SkinnyCalls calls(&list);
  calls.Add(StateMessage(1));
  SkinnyMessage message = StateMessage(0);
  message.id = 0x6;
  message.call = 8;
  calls.Add(message);
  message.call = 0;
  calls.Add(message);
  ASSERT_EQ(list.calls().size(), 2U);
  EXPECT_EQ(list.calls()[0].initial_speaker, "192.0.2.1");
  EXPECT_EQ(list.calls()[1].initial_speaker, "192.0.2.2");
}

TEST(SkinnyCallsTest, CallsHaveTheirLastParties) {
  VoipCallList list;
  SkinnyCalls calls(&list);
  SkinnyMessage message = StateMessage(0);
  message.calling_party = "111";
  message.called_party = "222";
  calls.Add(message);
  EXPECT_EQ(list.calls()[0].from, "");
  calls.Add(message);
  EXPECT_EQ(list.calls()[0].from, "111");
  EXPECT_EQ(list.calls()[0].to, "222");
  calls.Add(StateMessage(5));
  EXPECT_EQ(list.calls()[0].to, "222");
}

}  // namespace
}  // namespace dissectd::engine
