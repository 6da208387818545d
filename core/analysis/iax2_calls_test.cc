// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/iax2_calls.h"

#include <gtest/gtest.h>

#include <string>

namespace dissectd::engine {
namespace {

Iax2Frame Frame(const std::string& name, uint32_t source, uint32_t destination,
                CallState state) {
  Iax2Frame frame;
  frame.packet.source = "192.0.2.1";
  frame.packet.destination = "192.0.2.2";
  frame.source_call = source;
  frame.destination_call = destination;
  frame.name = name;
  frame.state = state;
  return frame;
}

Iax2Frame Answer(const std::string& name, uint32_t source, uint32_t destination,
                 CallState state) {
  Iax2Frame frame = Frame(name, source, destination, state);
  std::swap(frame.packet.source, frame.packet.destination);
  return frame;
}

TEST(Iax2CallsTest, ACallHasTheFramesOfBothSides) {
  VoipCallList list;
  Iax2Calls calls(&list);
  Iax2Frame first = Frame("NEW", 4, 0, CallState::kNone);
  first.calling_party = "100";
  first.called_party = "200";
  calls.Add(first);
  calls.Add(Answer("ACCEPT", 23, 4, CallState::kNone));
  calls.Add(Frame("ACK", 4, 23, CallState::kCompleted));
  calls.Add(Answer("ANSWER", 23, 4, CallState::kInCall));
  ASSERT_EQ(list.calls().size(), 1u);
  const VoipCall& call = list.calls().front();
  EXPECT_EQ(call.packets, 4u);
  EXPECT_EQ(call.state, CallState::kInCall);
  EXPECT_EQ(call.from, "100");
  EXPECT_EQ(call.to, "200");
  EXPECT_EQ(call.initial_speaker, "192.0.2.1");
}

TEST(Iax2CallsTest, CallsBeginWithNew) {
  VoipCallList list;
  Iax2Calls calls(&list);
  calls.Add(Frame("POKE", 4, 0, CallState::kNone));
  calls.Add(Frame("NEW", 0, 0, CallState::kNone));
  EXPECT_TRUE(list.calls().empty());
  calls.Add(Frame("NEW", 4, 0, CallState::kNone));
  calls.Add(Frame("NEW", 4, 0, CallState::kNone));
  calls.Add(Frame("NEW", 5, 0, CallState::kNone));
  EXPECT_EQ(list.calls().size(), 2u);
}

}  // namespace
}  // namespace dissectd::engine
