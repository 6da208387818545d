// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the channels of traces. What is expected is what sharkd 4.4, which has
// Wireshark's list of calls, says about captures with these traces.

#include "core/analysis/cas_calls.h"

#include <gtest/gtest.h>

namespace dissectd::engine {
namespace {

CasTrace Trace(int32_t trunk, int32_t channel, bool is_from_network) {
  CasTrace trace;
  trace.packet.source = "192.0.2.1";
  trace.trunk = trunk;
  trace.channel = channel;
  trace.is_from_network = is_from_network;
  return trace;
}

TEST(CasCallsTest, ChannelsAreCalls) {
  VoipCallList list;
  CasCalls calls(&list);
  calls.Add(Trace(1, 3, true));
  calls.Add(Trace(1, 3, false));
  calls.Add(Trace(1, 4, false));
  calls.Add(Trace(2, 3, true));
  ASSERT_EQ(list.calls().size(), 3U);
  EXPECT_EQ(list.calls()[0].packets, 2U);
  EXPECT_EQ(list.calls()[0].initial_speaker, "PSTN");
  EXPECT_EQ(list.calls()[0].state, CallState::kSetup);
  EXPECT_EQ(list.calls()[0].from, "N/A");
  EXPECT_EQ(list.calls()[0].to, "N/A");
  EXPECT_EQ(list.calls()[1].initial_speaker, "192.0.2.1");
}

}  // namespace
}  // namespace dissectd::engine
